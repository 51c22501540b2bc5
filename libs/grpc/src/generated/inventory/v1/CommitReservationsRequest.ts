// Original file: proto/inventory/v1/inventory.proto


export interface CommitReservationsRequest {
  'reserveIds'?: (string)[];
  'actor'?: (string);
}

export interface CommitReservationsRequest__Output {
  'reserveIds': (string)[];
  'actor': (string);
}
