// Original file: proto/calls/v1/calls.proto


export interface Answer {
  /**
   * The id of the call.
   */
  'id'?: (number);
  /**
   * A gRPC status code. 0 is OK.
   */
  'status'?: (number);
  /**
   * The serialized response message, if the status is OK.
   */
  'response'?: (Buffer | Uint8Array | string);
  /**
   * The other fields are set if the status isn't OK, and say what a unary call would: the status message, and the trailing
   * metadata `code` and `details`.
   */
  'message'?: (string);
  'code'?: (string);
  'details'?: (string);
}

export interface Answer__Output {
  /**
   * The id of the call.
   */
  'id': (number);
  /**
   * A gRPC status code. 0 is OK.
   */
  'status': (number);
  /**
   * The serialized response message, if the status is OK.
   */
  'response': (Buffer);
  /**
   * The other fields are set if the status isn't OK, and say what a unary call would: the status message, and the trailing
   * metadata `code` and `details`.
   */
  'message': (string);
  'code': (string);
  'details': (string);
}
