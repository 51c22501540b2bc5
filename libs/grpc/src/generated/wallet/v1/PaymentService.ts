// Original file: proto/wallet/v1/wallet.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelRequest as _wallet_v1_CancelRequest, CancelRequest__Output as _wallet_v1_CancelRequest__Output } from '../../wallet/v1/CancelRequest';
import type { CancelResponse as _wallet_v1_CancelResponse, CancelResponse__Output as _wallet_v1_CancelResponse__Output } from '../../wallet/v1/CancelResponse';
import type { ChargeRequest as _wallet_v1_ChargeRequest, ChargeRequest__Output as _wallet_v1_ChargeRequest__Output } from '../../wallet/v1/ChargeRequest';
import type { ChargeResponse as _wallet_v1_ChargeResponse, ChargeResponse__Output as _wallet_v1_ChargeResponse__Output } from '../../wallet/v1/ChargeResponse';
import type { GetRequest as _wallet_v1_GetRequest, GetRequest__Output as _wallet_v1_GetRequest__Output } from '../../wallet/v1/GetRequest';
import type { GetResponse as _wallet_v1_GetResponse, GetResponse__Output as _wallet_v1_GetResponse__Output } from '../../wallet/v1/GetResponse';

/**
 * Payments for checkouts and cash withdrawals, from a customer's wallet to the wallet of the shop or the machine. Calls are
 * batch-first: a call carries many payments, and each is decided and answered independently. The answers are in the order of
 * the request. Every call is idempotent by payment_id.
 * 
 * Ids and references are 1 to 100 characters, compared byte for byte. Amounts are decimal strings with at most two decimals
 * ("12.50").
 * 
 * Errors of a whole call: INVALID_ARGUMENT (nothing was done; the message names the malformed field), UNAVAILABLE (the
 * database does not respond; nothing was done, so retry), DEADLINE_EXCEEDED (the outcome is unknown; retry with the same ids).
 */
export interface PaymentServiceClient extends grpc.Client {
  /**
   * Cancels payments for good, whether Charge comes before or after. A payment that isn't charged yet can never be charged
   * afterwards. A charged payment is always refunded, even if that overdraws the payee's wallet. A declined payment stays
   * declined.
   */
  Cancel(argument: _wallet_v1_CancelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _wallet_v1_CancelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _wallet_v1_CancelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _wallet_v1_CancelRequest, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Cancels payments for good, whether Charge comes before or after. A payment that isn't charged yet can never be charged
   * afterwards. A charged payment is always refunded, even if that overdraws the payee's wallet. A declined payment stays
   * declined.
   */
  cancel(argument: _wallet_v1_CancelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _wallet_v1_CancelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _wallet_v1_CancelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _wallet_v1_CancelRequest, callback: grpc.requestCallback<_wallet_v1_CancelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Moves the amount from the payer's wallet to the payee's. A known id returns the current state of its payment and is never
   * tried again, so a refusal is final.
   */
  Charge(argument: _wallet_v1_ChargeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  Charge(argument: _wallet_v1_ChargeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  Charge(argument: _wallet_v1_ChargeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  Charge(argument: _wallet_v1_ChargeRequest, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Moves the amount from the payer's wallet to the payee's. A known id returns the current state of its payment and is never
   * tried again, so a refusal is final.
   */
  charge(argument: _wallet_v1_ChargeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  charge(argument: _wallet_v1_ChargeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  charge(argument: _wallet_v1_ChargeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  charge(argument: _wallet_v1_ChargeRequest, callback: grpc.requestCallback<_wallet_v1_ChargeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Returns the state of payments. Changes nothing.
   */
  Get(argument: _wallet_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _wallet_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _wallet_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _wallet_v1_GetRequest, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns the state of payments. Changes nothing.
   */
  get(argument: _wallet_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _wallet_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _wallet_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _wallet_v1_GetRequest, callback: grpc.requestCallback<_wallet_v1_GetResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Payments for checkouts and cash withdrawals, from a customer's wallet to the wallet of the shop or the machine. Calls are
 * batch-first: a call carries many payments, and each is decided and answered independently. The answers are in the order of
 * the request. Every call is idempotent by payment_id.
 * 
 * Ids and references are 1 to 100 characters, compared byte for byte. Amounts are decimal strings with at most two decimals
 * ("12.50").
 * 
 * Errors of a whole call: INVALID_ARGUMENT (nothing was done; the message names the malformed field), UNAVAILABLE (the
 * database does not respond; nothing was done, so retry), DEADLINE_EXCEEDED (the outcome is unknown; retry with the same ids).
 */
export interface PaymentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Cancels payments for good, whether Charge comes before or after. A payment that isn't charged yet can never be charged
   * afterwards. A charged payment is always refunded, even if that overdraws the payee's wallet. A declined payment stays
   * declined.
   */
  Cancel: grpc.handleUnaryCall<_wallet_v1_CancelRequest__Output, _wallet_v1_CancelResponse>;
  
  /**
   * Moves the amount from the payer's wallet to the payee's. A known id returns the current state of its payment and is never
   * tried again, so a refusal is final.
   */
  Charge: grpc.handleUnaryCall<_wallet_v1_ChargeRequest__Output, _wallet_v1_ChargeResponse>;
  
  /**
   * Returns the state of payments. Changes nothing.
   */
  Get: grpc.handleUnaryCall<_wallet_v1_GetRequest__Output, _wallet_v1_GetResponse>;
  
}

export interface PaymentServiceDefinition extends grpc.ServiceDefinition {
  Cancel: MethodDefinition<_wallet_v1_CancelRequest, _wallet_v1_CancelResponse, _wallet_v1_CancelRequest__Output, _wallet_v1_CancelResponse__Output>
  Charge: MethodDefinition<_wallet_v1_ChargeRequest, _wallet_v1_ChargeResponse, _wallet_v1_ChargeRequest__Output, _wallet_v1_ChargeResponse__Output>
  Get: MethodDefinition<_wallet_v1_GetRequest, _wallet_v1_GetResponse, _wallet_v1_GetRequest__Output, _wallet_v1_GetResponse__Output>
}
