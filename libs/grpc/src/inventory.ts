import { createGrpcClient, type GrpcClient, type GrpcTarget } from './client';
import type { InventoryServiceDefinition } from './generated/inventory/v1/InventoryService';
import { grpcService } from './package-definition';

export type { CheckItemsRequest } from './generated/inventory/v1/CheckItemsRequest';
export type { CheckItemsResponse__Output as CheckItemsResponse } from './generated/inventory/v1/CheckItemsResponse';
export type { CommitReservationsRequest } from './generated/inventory/v1/CommitReservationsRequest';
export type { CommitReservationsResponse__Output as CommitReservationsResponse } from './generated/inventory/v1/CommitReservationsResponse';
export type { InventoryServiceDefinition } from './generated/inventory/v1/InventoryService';
export type { Item__Output as ReservationItem } from './generated/inventory/v1/Item';
export type { ItemAvailability__Output as ItemAvailability } from './generated/inventory/v1/ItemAvailability';
export type { ListProductsRequest } from './generated/inventory/v1/ListProductsRequest';
export type { ListProductsResponse__Output as ListProductsResponse } from './generated/inventory/v1/ListProductsResponse';
export type { Product__Output as Product } from './generated/inventory/v1/Product';
export type { ProductCondition__Output as ProductCondition } from './generated/inventory/v1/ProductCondition';
export type { ProductPut } from './generated/inventory/v1/ProductPut';
export type { ProductPutResult__Output as ProductPutResult } from './generated/inventory/v1/ProductPutResult';
export type { Reservation__Output as Reservation } from './generated/inventory/v1/Reservation';
export type { ReservationResult__Output as ReservationResult } from './generated/inventory/v1/ReservationResult';
export type { ReservationState__Output as ReservationState } from './generated/inventory/v1/ReservationState';
export type { ReserveItemsRequest } from './generated/inventory/v1/ReserveItemsRequest';
export type { ReserveItemsResponse__Output as ReserveItemsResponse } from './generated/inventory/v1/ReserveItemsResponse';
export type { ReserveResult__Output as ReserveResult } from './generated/inventory/v1/ReserveResult';
export type { RollbackReservationsRequest } from './generated/inventory/v1/RollbackReservationsRequest';
export type { RollbackReservationsResponse__Output as RollbackReservationsResponse } from './generated/inventory/v1/RollbackReservationsResponse';
export type { Shortage__Output as Shortage } from './generated/inventory/v1/Shortage';
export type { StockChange } from './generated/inventory/v1/StockChange';
export type { StockChangeResult__Output as StockChangeResult } from './generated/inventory/v1/StockChangeResult';
export type { UpsertProductRequest } from './generated/inventory/v1/UpsertProductRequest';
export type { UpsertProductResponse__Output as UpsertProductResponse } from './generated/inventory/v1/UpsertProductResponse';

export const inventoryService = grpcService<InventoryServiceDefinition>('inventory.v1.InventoryService');

export type InventoryClient = GrpcClient<InventoryServiceDefinition>;

/**
 * A client of the inventory manager. Every call may be repeated with the same ids.
 * @param options.deadlineMs the time limit for each call, including its retries
 */
export function createInventoryClient(options: GrpcTarget & { deadlineMs: number }): InventoryClient {
  // Product changes are sent only once, so that administrators can rely on "nothing was done".
  const nonRetryableMethods = ['UpsertProduct', 'PutProducts', 'ChangeStock'];
  return createGrpcClient(inventoryService, 'the inventory', { ...options, nonRetryableMethods });
}
