// Original file: proto/inventory/v1/inventory.proto


export interface CheckItemsRequest {
  'productIds'?: (string)[];
}

export interface CheckItemsRequest__Output {
  'productIds': (string)[];
}
