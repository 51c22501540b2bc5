// Original file: proto/calls/v1/calls.proto


export interface Call {
  /**
   * Chosen by the client; unique among the stream's calls.
   */
  'id'?: (number);
  /**
   * The full name of a unary method, such as "/inventory.v1.InventoryService/CheckItems".
   */
  'method'?: (string);
  /**
   * The serialized request message.
   */
  'request'?: (Buffer | Uint8Array | string);
}

export interface Call__Output {
  /**
   * Chosen by the client; unique among the stream's calls.
   */
  'id': (number);
  /**
   * The full name of a unary method, such as "/inventory.v1.InventoryService/CheckItems".
   */
  'method': (string);
  /**
   * The serialized request message.
   */
  'request': (Buffer);
}
