import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp';
import type { ChangeStockRequest as _inventory_v1_ChangeStockRequest, ChangeStockRequest__Output as _inventory_v1_ChangeStockRequest__Output } from './inventory/v1/ChangeStockRequest';
import type { ChangeStockResponse as _inventory_v1_ChangeStockResponse, ChangeStockResponse__Output as _inventory_v1_ChangeStockResponse__Output } from './inventory/v1/ChangeStockResponse';
import type { CheckItemsRequest as _inventory_v1_CheckItemsRequest, CheckItemsRequest__Output as _inventory_v1_CheckItemsRequest__Output } from './inventory/v1/CheckItemsRequest';
import type { CheckItemsResponse as _inventory_v1_CheckItemsResponse, CheckItemsResponse__Output as _inventory_v1_CheckItemsResponse__Output } from './inventory/v1/CheckItemsResponse';
import type { CommitReservationsRequest as _inventory_v1_CommitReservationsRequest, CommitReservationsRequest__Output as _inventory_v1_CommitReservationsRequest__Output } from './inventory/v1/CommitReservationsRequest';
import type { CommitReservationsResponse as _inventory_v1_CommitReservationsResponse, CommitReservationsResponse__Output as _inventory_v1_CommitReservationsResponse__Output } from './inventory/v1/CommitReservationsResponse';
import type { InventoryServiceClient as _inventory_v1_InventoryServiceClient, InventoryServiceDefinition as _inventory_v1_InventoryServiceDefinition } from './inventory/v1/InventoryService';
import type { Item as _inventory_v1_Item, Item__Output as _inventory_v1_Item__Output } from './inventory/v1/Item';
import type { ItemAvailability as _inventory_v1_ItemAvailability, ItemAvailability__Output as _inventory_v1_ItemAvailability__Output } from './inventory/v1/ItemAvailability';
import type { ListProductsRequest as _inventory_v1_ListProductsRequest, ListProductsRequest__Output as _inventory_v1_ListProductsRequest__Output } from './inventory/v1/ListProductsRequest';
import type { ListProductsResponse as _inventory_v1_ListProductsResponse, ListProductsResponse__Output as _inventory_v1_ListProductsResponse__Output } from './inventory/v1/ListProductsResponse';
import type { Product as _inventory_v1_Product, Product__Output as _inventory_v1_Product__Output } from './inventory/v1/Product';
import type { ProductCondition as _inventory_v1_ProductCondition, ProductCondition__Output as _inventory_v1_ProductCondition__Output } from './inventory/v1/ProductCondition';
import type { ProductPut as _inventory_v1_ProductPut, ProductPut__Output as _inventory_v1_ProductPut__Output } from './inventory/v1/ProductPut';
import type { ProductPutResult as _inventory_v1_ProductPutResult, ProductPutResult__Output as _inventory_v1_ProductPutResult__Output } from './inventory/v1/ProductPutResult';
import type { PutProductsRequest as _inventory_v1_PutProductsRequest, PutProductsRequest__Output as _inventory_v1_PutProductsRequest__Output } from './inventory/v1/PutProductsRequest';
import type { PutProductsResponse as _inventory_v1_PutProductsResponse, PutProductsResponse__Output as _inventory_v1_PutProductsResponse__Output } from './inventory/v1/PutProductsResponse';
import type { Reservation as _inventory_v1_Reservation, Reservation__Output as _inventory_v1_Reservation__Output } from './inventory/v1/Reservation';
import type { ReservationResult as _inventory_v1_ReservationResult, ReservationResult__Output as _inventory_v1_ReservationResult__Output } from './inventory/v1/ReservationResult';
import type { ReserveItemsRequest as _inventory_v1_ReserveItemsRequest, ReserveItemsRequest__Output as _inventory_v1_ReserveItemsRequest__Output } from './inventory/v1/ReserveItemsRequest';
import type { ReserveItemsResponse as _inventory_v1_ReserveItemsResponse, ReserveItemsResponse__Output as _inventory_v1_ReserveItemsResponse__Output } from './inventory/v1/ReserveItemsResponse';
import type { ReserveResult as _inventory_v1_ReserveResult, ReserveResult__Output as _inventory_v1_ReserveResult__Output } from './inventory/v1/ReserveResult';
import type { RollbackReservationsRequest as _inventory_v1_RollbackReservationsRequest, RollbackReservationsRequest__Output as _inventory_v1_RollbackReservationsRequest__Output } from './inventory/v1/RollbackReservationsRequest';
import type { RollbackReservationsResponse as _inventory_v1_RollbackReservationsResponse, RollbackReservationsResponse__Output as _inventory_v1_RollbackReservationsResponse__Output } from './inventory/v1/RollbackReservationsResponse';
import type { Shortage as _inventory_v1_Shortage, Shortage__Output as _inventory_v1_Shortage__Output } from './inventory/v1/Shortage';
import type { StockChange as _inventory_v1_StockChange, StockChange__Output as _inventory_v1_StockChange__Output } from './inventory/v1/StockChange';
import type { StockChangeResult as _inventory_v1_StockChangeResult, StockChangeResult__Output as _inventory_v1_StockChangeResult__Output } from './inventory/v1/StockChangeResult';
import type { UpsertProductRequest as _inventory_v1_UpsertProductRequest, UpsertProductRequest__Output as _inventory_v1_UpsertProductRequest__Output } from './inventory/v1/UpsertProductRequest';
import type { UpsertProductResponse as _inventory_v1_UpsertProductResponse, UpsertProductResponse__Output as _inventory_v1_UpsertProductResponse__Output } from './inventory/v1/UpsertProductResponse';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
    }
  }
  inventory: {
    v1: {
      ChangeStockRequest: MessageTypeDefinition<_inventory_v1_ChangeStockRequest, _inventory_v1_ChangeStockRequest__Output>
      ChangeStockResponse: MessageTypeDefinition<_inventory_v1_ChangeStockResponse, _inventory_v1_ChangeStockResponse__Output>
      CheckItemsRequest: MessageTypeDefinition<_inventory_v1_CheckItemsRequest, _inventory_v1_CheckItemsRequest__Output>
      CheckItemsResponse: MessageTypeDefinition<_inventory_v1_CheckItemsResponse, _inventory_v1_CheckItemsResponse__Output>
      CommitReservationsRequest: MessageTypeDefinition<_inventory_v1_CommitReservationsRequest, _inventory_v1_CommitReservationsRequest__Output>
      CommitReservationsResponse: MessageTypeDefinition<_inventory_v1_CommitReservationsResponse, _inventory_v1_CommitReservationsResponse__Output>
      /**
       * Products, their stock, and reservations of stock. Calls are batch-first: a call carries many entries, and each is decided
       * and answered independently. The answers are in the order of the request. Every call is idempotent.
       * 
       * Ids are 1 to 100 characters, compared byte for byte. Amounts are decimal strings with two decimals ("12.50").
       * 
       * Errors of a whole call: INVALID_ARGUMENT (nothing was done; the message says what is invalid), UNAVAILABLE (the database
       * does not respond; nothing was done, so retry), DEADLINE_EXCEEDED (the outcome is unknown; retry with the same ids).
       */
      InventoryService: SubtypeConstructor<typeof grpc.Client, _inventory_v1_InventoryServiceClient> & { service: _inventory_v1_InventoryServiceDefinition }
      Item: MessageTypeDefinition<_inventory_v1_Item, _inventory_v1_Item__Output>
      ItemAvailability: MessageTypeDefinition<_inventory_v1_ItemAvailability, _inventory_v1_ItemAvailability__Output>
      ListProductsRequest: MessageTypeDefinition<_inventory_v1_ListProductsRequest, _inventory_v1_ListProductsRequest__Output>
      ListProductsResponse: MessageTypeDefinition<_inventory_v1_ListProductsResponse, _inventory_v1_ListProductsResponse__Output>
      Product: MessageTypeDefinition<_inventory_v1_Product, _inventory_v1_Product__Output>
      ProductCondition: MessageTypeDefinition<_inventory_v1_ProductCondition, _inventory_v1_ProductCondition__Output>
      ProductPut: MessageTypeDefinition<_inventory_v1_ProductPut, _inventory_v1_ProductPut__Output>
      ProductPutResult: MessageTypeDefinition<_inventory_v1_ProductPutResult, _inventory_v1_ProductPutResult__Output>
      ProductPutState: EnumTypeDefinition
      PutProductsRequest: MessageTypeDefinition<_inventory_v1_PutProductsRequest, _inventory_v1_PutProductsRequest__Output>
      PutProductsResponse: MessageTypeDefinition<_inventory_v1_PutProductsResponse, _inventory_v1_PutProductsResponse__Output>
      Reservation: MessageTypeDefinition<_inventory_v1_Reservation, _inventory_v1_Reservation__Output>
      ReservationResult: MessageTypeDefinition<_inventory_v1_ReservationResult, _inventory_v1_ReservationResult__Output>
      ReservationState: EnumTypeDefinition
      ReserveItemsRequest: MessageTypeDefinition<_inventory_v1_ReserveItemsRequest, _inventory_v1_ReserveItemsRequest__Output>
      ReserveItemsResponse: MessageTypeDefinition<_inventory_v1_ReserveItemsResponse, _inventory_v1_ReserveItemsResponse__Output>
      ReserveResult: MessageTypeDefinition<_inventory_v1_ReserveResult, _inventory_v1_ReserveResult__Output>
      RollbackReservationsRequest: MessageTypeDefinition<_inventory_v1_RollbackReservationsRequest, _inventory_v1_RollbackReservationsRequest__Output>
      RollbackReservationsResponse: MessageTypeDefinition<_inventory_v1_RollbackReservationsResponse, _inventory_v1_RollbackReservationsResponse__Output>
      Shortage: MessageTypeDefinition<_inventory_v1_Shortage, _inventory_v1_Shortage__Output>
      StockChange: MessageTypeDefinition<_inventory_v1_StockChange, _inventory_v1_StockChange__Output>
      StockChangeResult: MessageTypeDefinition<_inventory_v1_StockChangeResult, _inventory_v1_StockChangeResult__Output>
      StockChangeState: EnumTypeDefinition
      UpsertProductRequest: MessageTypeDefinition<_inventory_v1_UpsertProductRequest, _inventory_v1_UpsertProductRequest__Output>
      UpsertProductResponse: MessageTypeDefinition<_inventory_v1_UpsertProductResponse, _inventory_v1_UpsertProductResponse__Output>
    }
  }
}

