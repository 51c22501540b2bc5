// Original file: proto/wallet/v1/wallet.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetEventsRequest as _wallet_v1_GetEventsRequest, GetEventsRequest__Output as _wallet_v1_GetEventsRequest__Output } from '../../wallet/v1/GetEventsRequest';
import type { GetEventsResponse as _wallet_v1_GetEventsResponse, GetEventsResponse__Output as _wallet_v1_GetEventsResponse__Output } from '../../wallet/v1/GetEventsResponse';
import type { ListEventsRequest as _wallet_v1_ListEventsRequest, ListEventsRequest__Output as _wallet_v1_ListEventsRequest__Output } from '../../wallet/v1/ListEventsRequest';
import type { ListEventsResponse as _wallet_v1_ListEventsResponse, ListEventsResponse__Output as _wallet_v1_ListEventsResponse__Output } from '../../wallet/v1/ListEventsResponse';
import type { ListHeadsRequest as _wallet_v1_ListHeadsRequest, ListHeadsRequest__Output as _wallet_v1_ListHeadsRequest__Output } from '../../wallet/v1/ListHeadsRequest';
import type { ListHeadsResponse as _wallet_v1_ListHeadsResponse, ListHeadsResponse__Output as _wallet_v1_ListHeadsResponse__Output } from '../../wallet/v1/ListHeadsResponse';

/**
 * Returns the events of the exchange `transactions`, read from the table that keeps all of them, to consumers that missed a
 * message or rebuild their data from the first event. Changes nothing.
 * 
 * Every transaction has one event. The event has a sequence in each account involved, counted from 1 without gaps, and a
 * position among all events. Events are published after their commit, so a consumer that has received a sequence of an account
 * finds all earlier ones here.
 * 
 * Errors of a whole call: INVALID_ARGUMENT (the message names the field), UNAVAILABLE (retry).
 */
export interface EventServiceClient extends grpc.Client {
  /**
   * Returns the events of some accounts after a given sequence of each. The events of a requested account have no gaps, but
   * may end early. An event that involves several of the accounts is returned once, with all of its entries; entries of
   * accounts that were not requested may have gaps before them.
   */
  GetEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  GetEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  GetEvents(argument: _wallet_v1_GetEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  GetEvents(argument: _wallet_v1_GetEventsRequest, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns the events of some accounts after a given sequence of each. The events of a requested account have no gaps, but
   * may end early. An event that involves several of the accounts is returned once, with all of its entries; entries of
   * accounts that were not requested may have gaps before them.
   */
  getEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  getEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  getEvents(argument: _wallet_v1_GetEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  getEvents(argument: _wallet_v1_GetEventsRequest, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Returns events in the order of their positions. Transactions don't commit in this order, so events can still appear at
   * positions before those already returned.
   */
  ListEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _wallet_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _wallet_v1_ListEventsRequest, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns events in the order of their positions. Transactions don't commit in this order, so events can still appear at
   * positions before those already returned.
   */
  listEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _wallet_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _wallet_v1_ListEventsRequest, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Returns the latest sequence of each account involved in events after a position. Meant for polling: pass the
   * `safe_position` of the previous call.
   */
  ListHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  ListHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  ListHeads(argument: _wallet_v1_ListHeadsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  ListHeads(argument: _wallet_v1_ListHeadsRequest, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns the latest sequence of each account involved in events after a position. Meant for polling: pass the
   * `safe_position` of the previous call.
   */
  listHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  listHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  listHeads(argument: _wallet_v1_ListHeadsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  listHeads(argument: _wallet_v1_ListHeadsRequest, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Returns the events of the exchange `transactions`, read from the table that keeps all of them, to consumers that missed a
 * message or rebuild their data from the first event. Changes nothing.
 * 
 * Every transaction has one event. The event has a sequence in each account involved, counted from 1 without gaps, and a
 * position among all events. Events are published after their commit, so a consumer that has received a sequence of an account
 * finds all earlier ones here.
 * 
 * Errors of a whole call: INVALID_ARGUMENT (the message names the field), UNAVAILABLE (retry).
 */
export interface EventServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Returns the events of some accounts after a given sequence of each. The events of a requested account have no gaps, but
   * may end early. An event that involves several of the accounts is returned once, with all of its entries; entries of
   * accounts that were not requested may have gaps before them.
   */
  GetEvents: grpc.handleUnaryCall<_wallet_v1_GetEventsRequest__Output, _wallet_v1_GetEventsResponse>;
  
  /**
   * Returns events in the order of their positions. Transactions don't commit in this order, so events can still appear at
   * positions before those already returned.
   */
  ListEvents: grpc.handleUnaryCall<_wallet_v1_ListEventsRequest__Output, _wallet_v1_ListEventsResponse>;
  
  /**
   * Returns the latest sequence of each account involved in events after a position. Meant for polling: pass the
   * `safe_position` of the previous call.
   */
  ListHeads: grpc.handleUnaryCall<_wallet_v1_ListHeadsRequest__Output, _wallet_v1_ListHeadsResponse>;
  
}

export interface EventServiceDefinition extends grpc.ServiceDefinition {
  GetEvents: MethodDefinition<_wallet_v1_GetEventsRequest, _wallet_v1_GetEventsResponse, _wallet_v1_GetEventsRequest__Output, _wallet_v1_GetEventsResponse__Output>
  ListEvents: MethodDefinition<_wallet_v1_ListEventsRequest, _wallet_v1_ListEventsResponse, _wallet_v1_ListEventsRequest__Output, _wallet_v1_ListEventsResponse__Output>
  ListHeads: MethodDefinition<_wallet_v1_ListHeadsRequest, _wallet_v1_ListHeadsResponse, _wallet_v1_ListHeadsRequest__Output, _wallet_v1_ListHeadsResponse__Output>
}
