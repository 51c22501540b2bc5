// Original file: proto/inventory/v1/inventory.proto


export interface RollbackReservationsRequest {
  'reserveIds'?: (string)[];
  'actor'?: (string);
}

export interface RollbackReservationsRequest__Output {
  'reserveIds': (string)[];
  'actor': (string);
}
