// Original file: proto/inventory/v1/inventory.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ChangeStockRequest as _inventory_v1_ChangeStockRequest, ChangeStockRequest__Output as _inventory_v1_ChangeStockRequest__Output } from '../../inventory/v1/ChangeStockRequest';
import type { ChangeStockResponse as _inventory_v1_ChangeStockResponse, ChangeStockResponse__Output as _inventory_v1_ChangeStockResponse__Output } from '../../inventory/v1/ChangeStockResponse';
import type { CheckItemsRequest as _inventory_v1_CheckItemsRequest, CheckItemsRequest__Output as _inventory_v1_CheckItemsRequest__Output } from '../../inventory/v1/CheckItemsRequest';
import type { CheckItemsResponse as _inventory_v1_CheckItemsResponse, CheckItemsResponse__Output as _inventory_v1_CheckItemsResponse__Output } from '../../inventory/v1/CheckItemsResponse';
import type { CommitReservationsRequest as _inventory_v1_CommitReservationsRequest, CommitReservationsRequest__Output as _inventory_v1_CommitReservationsRequest__Output } from '../../inventory/v1/CommitReservationsRequest';
import type { CommitReservationsResponse as _inventory_v1_CommitReservationsResponse, CommitReservationsResponse__Output as _inventory_v1_CommitReservationsResponse__Output } from '../../inventory/v1/CommitReservationsResponse';
import type { ListProductsRequest as _inventory_v1_ListProductsRequest, ListProductsRequest__Output as _inventory_v1_ListProductsRequest__Output } from '../../inventory/v1/ListProductsRequest';
import type { ListProductsResponse as _inventory_v1_ListProductsResponse, ListProductsResponse__Output as _inventory_v1_ListProductsResponse__Output } from '../../inventory/v1/ListProductsResponse';
import type { PutProductsRequest as _inventory_v1_PutProductsRequest, PutProductsRequest__Output as _inventory_v1_PutProductsRequest__Output } from '../../inventory/v1/PutProductsRequest';
import type { PutProductsResponse as _inventory_v1_PutProductsResponse, PutProductsResponse__Output as _inventory_v1_PutProductsResponse__Output } from '../../inventory/v1/PutProductsResponse';
import type { ReserveItemsRequest as _inventory_v1_ReserveItemsRequest, ReserveItemsRequest__Output as _inventory_v1_ReserveItemsRequest__Output } from '../../inventory/v1/ReserveItemsRequest';
import type { ReserveItemsResponse as _inventory_v1_ReserveItemsResponse, ReserveItemsResponse__Output as _inventory_v1_ReserveItemsResponse__Output } from '../../inventory/v1/ReserveItemsResponse';
import type { RollbackReservationsRequest as _inventory_v1_RollbackReservationsRequest, RollbackReservationsRequest__Output as _inventory_v1_RollbackReservationsRequest__Output } from '../../inventory/v1/RollbackReservationsRequest';
import type { RollbackReservationsResponse as _inventory_v1_RollbackReservationsResponse, RollbackReservationsResponse__Output as _inventory_v1_RollbackReservationsResponse__Output } from '../../inventory/v1/RollbackReservationsResponse';
import type { UpsertProductRequest as _inventory_v1_UpsertProductRequest, UpsertProductRequest__Output as _inventory_v1_UpsertProductRequest__Output } from '../../inventory/v1/UpsertProductRequest';
import type { UpsertProductResponse as _inventory_v1_UpsertProductResponse, UpsertProductResponse__Output as _inventory_v1_UpsertProductResponse__Output } from '../../inventory/v1/UpsertProductResponse';

/**
 * Products, their stock, and reservations of stock. Calls are batch-first: a call carries many entries, and each is decided
 * and answered independently. The answers are in the order of the request. Every call is idempotent.
 * 
 * Ids are 1 to 100 characters, compared byte for byte. Amounts are decimal strings with two decimals ("12.50").
 * 
 * Errors of a whole call: INVALID_ARGUMENT (nothing was done; the message says what is invalid), UNAVAILABLE (the database
 * does not respond; nothing was done, so retry), DEADLINE_EXCEEDED (the outcome is unknown; retry with the same ids).
 */
export interface InventoryServiceClient extends grpc.Client {
  /**
   * Changes the stock on hand of products by a number of pieces. Each change is recorded and applied once: a known id returns
   * the first answer, and an id whose answer is no longer kept is refused.
   */
  ChangeStock(argument: _inventory_v1_ChangeStockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  ChangeStock(argument: _inventory_v1_ChangeStockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  ChangeStock(argument: _inventory_v1_ChangeStockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  ChangeStock(argument: _inventory_v1_ChangeStockRequest, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Changes the stock on hand of products by a number of pieces. Each change is recorded and applied once: a known id returns
   * the first answer, and an id whose answer is no longer kept is refused.
   */
  changeStock(argument: _inventory_v1_ChangeStockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  changeStock(argument: _inventory_v1_ChangeStockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  changeStock(argument: _inventory_v1_ChangeStockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  changeStock(argument: _inventory_v1_ChangeStockRequest, callback: grpc.requestCallback<_inventory_v1_ChangeStockResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Returns the current availability and prices of products. Reserves nothing.
   */
  CheckItems(argument: _inventory_v1_CheckItemsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  CheckItems(argument: _inventory_v1_CheckItemsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  CheckItems(argument: _inventory_v1_CheckItemsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  CheckItems(argument: _inventory_v1_CheckItemsRequest, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns the current availability and prices of products. Reserves nothing.
   */
  checkItems(argument: _inventory_v1_CheckItemsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  checkItems(argument: _inventory_v1_CheckItemsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  checkItems(argument: _inventory_v1_CheckItemsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  checkItems(argument: _inventory_v1_CheckItemsRequest, callback: grpc.requestCallback<_inventory_v1_CheckItemsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Removes the reserved stock from the stock on hand. An expired reservation still commits if the stock covers it;
   * otherwise it ends as ROLLED_BACK.
   */
  CommitReservations(argument: _inventory_v1_CommitReservationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  CommitReservations(argument: _inventory_v1_CommitReservationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  CommitReservations(argument: _inventory_v1_CommitReservationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  CommitReservations(argument: _inventory_v1_CommitReservationsRequest, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Removes the reserved stock from the stock on hand. An expired reservation still commits if the stock covers it;
   * otherwise it ends as ROLLED_BACK.
   */
  commitReservations(argument: _inventory_v1_CommitReservationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  commitReservations(argument: _inventory_v1_CommitReservationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  commitReservations(argument: _inventory_v1_CommitReservationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  commitReservations(argument: _inventory_v1_CommitReservationsRequest, callback: grpc.requestCallback<_inventory_v1_CommitReservationsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Returns a page of products, ordered by id, or the products with the given ids.
   */
  ListProducts(argument: _inventory_v1_ListProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  ListProducts(argument: _inventory_v1_ListProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  ListProducts(argument: _inventory_v1_ListProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  ListProducts(argument: _inventory_v1_ListProductsRequest, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns a page of products, ordered by id, or the products with the given ids.
   */
  listProducts(argument: _inventory_v1_ListProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  listProducts(argument: _inventory_v1_ListProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  listProducts(argument: _inventory_v1_ListProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  listProducts(argument: _inventory_v1_ListProductsRequest, callback: grpc.requestCallback<_inventory_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Creates products or replaces their names and prices, and their stock on hand if it is given. Each change to the stock on
   * hand is recorded.
   */
  PutProducts(argument: _inventory_v1_PutProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  PutProducts(argument: _inventory_v1_PutProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  PutProducts(argument: _inventory_v1_PutProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  PutProducts(argument: _inventory_v1_PutProductsRequest, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Creates products or replaces their names and prices, and their stock on hand if it is given. Each change to the stock on
   * hand is recorded.
   */
  putProducts(argument: _inventory_v1_PutProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  putProducts(argument: _inventory_v1_PutProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  putProducts(argument: _inventory_v1_PutProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  putProducts(argument: _inventory_v1_PutProductsRequest, callback: grpc.requestCallback<_inventory_v1_PutProductsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reserves stock: for each reservation, all of its items or none. The stock stays reserved until the reservation is
   * committed, rolled back, or expires. A known id returns the current state of its reservation and never revives it.
   */
  ReserveItems(argument: _inventory_v1_ReserveItemsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  ReserveItems(argument: _inventory_v1_ReserveItemsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  ReserveItems(argument: _inventory_v1_ReserveItemsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  ReserveItems(argument: _inventory_v1_ReserveItemsRequest, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reserves stock: for each reservation, all of its items or none. The stock stays reserved until the reservation is
   * committed, rolled back, or expires. A known id returns the current state of its reservation and never revives it.
   */
  reserveItems(argument: _inventory_v1_ReserveItemsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  reserveItems(argument: _inventory_v1_ReserveItemsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  reserveItems(argument: _inventory_v1_ReserveItemsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  reserveItems(argument: _inventory_v1_ReserveItemsRequest, callback: grpc.requestCallback<_inventory_v1_ReserveItemsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Releases reserved stock. An unknown id is recorded, so that a late ReserveItems is refused.
   */
  RollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  RollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  RollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  RollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Releases reserved stock. An unknown id is recorded, so that a late ReserveItems is refused.
   */
  rollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  rollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  rollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  rollbackReservations(argument: _inventory_v1_RollbackReservationsRequest, callback: grpc.requestCallback<_inventory_v1_RollbackReservationsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Creates a product or replaces its name, price and stock on hand. Fails with FAILED_PRECONDITION and the metadata
   * `code: STOCK_RESERVED` if the stock would fall below the reserved quantity. Prefer PutProducts, which can do more.
   */
  UpsertProduct(argument: _inventory_v1_UpsertProductRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  UpsertProduct(argument: _inventory_v1_UpsertProductRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  UpsertProduct(argument: _inventory_v1_UpsertProductRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  UpsertProduct(argument: _inventory_v1_UpsertProductRequest, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Creates a product or replaces its name, price and stock on hand. Fails with FAILED_PRECONDITION and the metadata
   * `code: STOCK_RESERVED` if the stock would fall below the reserved quantity. Prefer PutProducts, which can do more.
   */
  upsertProduct(argument: _inventory_v1_UpsertProductRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  upsertProduct(argument: _inventory_v1_UpsertProductRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  upsertProduct(argument: _inventory_v1_UpsertProductRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  upsertProduct(argument: _inventory_v1_UpsertProductRequest, callback: grpc.requestCallback<_inventory_v1_UpsertProductResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Products, their stock, and reservations of stock. Calls are batch-first: a call carries many entries, and each is decided
 * and answered independently. The answers are in the order of the request. Every call is idempotent.
 * 
 * Ids are 1 to 100 characters, compared byte for byte. Amounts are decimal strings with two decimals ("12.50").
 * 
 * Errors of a whole call: INVALID_ARGUMENT (nothing was done; the message says what is invalid), UNAVAILABLE (the database
 * does not respond; nothing was done, so retry), DEADLINE_EXCEEDED (the outcome is unknown; retry with the same ids).
 */
export interface InventoryServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Changes the stock on hand of products by a number of pieces. Each change is recorded and applied once: a known id returns
   * the first answer, and an id whose answer is no longer kept is refused.
   */
  ChangeStock: grpc.handleUnaryCall<_inventory_v1_ChangeStockRequest__Output, _inventory_v1_ChangeStockResponse>;
  
  /**
   * Returns the current availability and prices of products. Reserves nothing.
   */
  CheckItems: grpc.handleUnaryCall<_inventory_v1_CheckItemsRequest__Output, _inventory_v1_CheckItemsResponse>;
  
  /**
   * Removes the reserved stock from the stock on hand. An expired reservation still commits if the stock covers it;
   * otherwise it ends as ROLLED_BACK.
   */
  CommitReservations: grpc.handleUnaryCall<_inventory_v1_CommitReservationsRequest__Output, _inventory_v1_CommitReservationsResponse>;
  
  /**
   * Returns a page of products, ordered by id, or the products with the given ids.
   */
  ListProducts: grpc.handleUnaryCall<_inventory_v1_ListProductsRequest__Output, _inventory_v1_ListProductsResponse>;
  
  /**
   * Creates products or replaces their names and prices, and their stock on hand if it is given. Each change to the stock on
   * hand is recorded.
   */
  PutProducts: grpc.handleUnaryCall<_inventory_v1_PutProductsRequest__Output, _inventory_v1_PutProductsResponse>;
  
  /**
   * Reserves stock: for each reservation, all of its items or none. The stock stays reserved until the reservation is
   * committed, rolled back, or expires. A known id returns the current state of its reservation and never revives it.
   */
  ReserveItems: grpc.handleUnaryCall<_inventory_v1_ReserveItemsRequest__Output, _inventory_v1_ReserveItemsResponse>;
  
  /**
   * Releases reserved stock. An unknown id is recorded, so that a late ReserveItems is refused.
   */
  RollbackReservations: grpc.handleUnaryCall<_inventory_v1_RollbackReservationsRequest__Output, _inventory_v1_RollbackReservationsResponse>;
  
  /**
   * Creates a product or replaces its name, price and stock on hand. Fails with FAILED_PRECONDITION and the metadata
   * `code: STOCK_RESERVED` if the stock would fall below the reserved quantity. Prefer PutProducts, which can do more.
   */
  UpsertProduct: grpc.handleUnaryCall<_inventory_v1_UpsertProductRequest__Output, _inventory_v1_UpsertProductResponse>;
  
}

export interface InventoryServiceDefinition extends grpc.ServiceDefinition {
  ChangeStock: MethodDefinition<_inventory_v1_ChangeStockRequest, _inventory_v1_ChangeStockResponse, _inventory_v1_ChangeStockRequest__Output, _inventory_v1_ChangeStockResponse__Output>
  CheckItems: MethodDefinition<_inventory_v1_CheckItemsRequest, _inventory_v1_CheckItemsResponse, _inventory_v1_CheckItemsRequest__Output, _inventory_v1_CheckItemsResponse__Output>
  CommitReservations: MethodDefinition<_inventory_v1_CommitReservationsRequest, _inventory_v1_CommitReservationsResponse, _inventory_v1_CommitReservationsRequest__Output, _inventory_v1_CommitReservationsResponse__Output>
  ListProducts: MethodDefinition<_inventory_v1_ListProductsRequest, _inventory_v1_ListProductsResponse, _inventory_v1_ListProductsRequest__Output, _inventory_v1_ListProductsResponse__Output>
  PutProducts: MethodDefinition<_inventory_v1_PutProductsRequest, _inventory_v1_PutProductsResponse, _inventory_v1_PutProductsRequest__Output, _inventory_v1_PutProductsResponse__Output>
  ReserveItems: MethodDefinition<_inventory_v1_ReserveItemsRequest, _inventory_v1_ReserveItemsResponse, _inventory_v1_ReserveItemsRequest__Output, _inventory_v1_ReserveItemsResponse__Output>
  RollbackReservations: MethodDefinition<_inventory_v1_RollbackReservationsRequest, _inventory_v1_RollbackReservationsResponse, _inventory_v1_RollbackReservationsRequest__Output, _inventory_v1_RollbackReservationsResponse__Output>
  UpsertProduct: MethodDefinition<_inventory_v1_UpsertProductRequest, _inventory_v1_UpsertProductResponse, _inventory_v1_UpsertProductRequest__Output, _inventory_v1_UpsertProductResponse__Output>
}
