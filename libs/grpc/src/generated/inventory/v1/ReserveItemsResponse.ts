// Original file: proto/inventory/v1/inventory.proto

import type { ReserveResult as _inventory_v1_ReserveResult, ReserveResult__Output as _inventory_v1_ReserveResult__Output } from '../../inventory/v1/ReserveResult';

export interface ReserveItemsResponse {
  'results'?: (_inventory_v1_ReserveResult)[];
}

export interface ReserveItemsResponse__Output {
  'results': (_inventory_v1_ReserveResult__Output)[];
}
