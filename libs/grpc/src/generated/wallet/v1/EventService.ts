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
 * What the exchange `transactions` tells, from the table that keeps every event: for whoever missed a message, and for
 * whatever is built anew from the first event. Changes nothing.
 * 
 * Every transaction has one event. It has a place among the events of each account that took part, its sequence, from 1 and
 * without gaps; and a position among all events. An event is published after its commit. So whoever was told of a sequence of
 * an account finds everything before it here.
 * 
 * Errors of a whole call: INVALID_ARGUMENT (which field is said), UNAVAILABLE (retry).
 */
export interface EventServiceClient extends grpc.Client {
  /**
   * The events of some accounts that follow what is known of each. What is answered of an account has no gap: it may only end
   * early. An event is answered once, with all its entries, also when several of these accounts took part; what it tells of
   * accounts that were not asked for may have gaps before it.
   */
  GetEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  GetEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  GetEvents(argument: _wallet_v1_GetEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  GetEvents(argument: _wallet_v1_GetEventsRequest, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The events of some accounts that follow what is known of each. What is answered of an account has no gap: it may only end
   * early. An event is answered once, with all its entries, also when several of these accounts took part; what it tells of
   * accounts that were not asked for may have gaps before it.
   */
  getEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  getEvents(argument: _wallet_v1_GetEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  getEvents(argument: _wallet_v1_GetEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  getEvents(argument: _wallet_v1_GetEventsRequest, callback: grpc.requestCallback<_wallet_v1_GetEventsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * All events by their position. Commits arrive out of that order: events that are not there yet may come to stand before
   * those that are.
   */
  ListEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _wallet_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _wallet_v1_ListEventsRequest, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * All events by their position. Commits arrive out of that order: events that are not there yet may come to stand before
   * those that are.
   */
  listEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _wallet_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _wallet_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _wallet_v1_ListEventsRequest, callback: grpc.requestCallback<_wallet_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * How far each account has come, for all accounts that events from a position on name. To be asked again and again, each
   * time from the `safe_position` of the time before.
   */
  ListHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  ListHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  ListHeads(argument: _wallet_v1_ListHeadsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  ListHeads(argument: _wallet_v1_ListHeadsRequest, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * How far each account has come, for all accounts that events from a position on name. To be asked again and again, each
   * time from the `safe_position` of the time before.
   */
  listHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  listHeads(argument: _wallet_v1_ListHeadsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  listHeads(argument: _wallet_v1_ListHeadsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  listHeads(argument: _wallet_v1_ListHeadsRequest, callback: grpc.requestCallback<_wallet_v1_ListHeadsResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * What the exchange `transactions` tells, from the table that keeps every event: for whoever missed a message, and for
 * whatever is built anew from the first event. Changes nothing.
 * 
 * Every transaction has one event. It has a place among the events of each account that took part, its sequence, from 1 and
 * without gaps; and a position among all events. An event is published after its commit. So whoever was told of a sequence of
 * an account finds everything before it here.
 * 
 * Errors of a whole call: INVALID_ARGUMENT (which field is said), UNAVAILABLE (retry).
 */
export interface EventServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The events of some accounts that follow what is known of each. What is answered of an account has no gap: it may only end
   * early. An event is answered once, with all its entries, also when several of these accounts took part; what it tells of
   * accounts that were not asked for may have gaps before it.
   */
  GetEvents: grpc.handleUnaryCall<_wallet_v1_GetEventsRequest__Output, _wallet_v1_GetEventsResponse>;
  
  /**
   * All events by their position. Commits arrive out of that order: events that are not there yet may come to stand before
   * those that are.
   */
  ListEvents: grpc.handleUnaryCall<_wallet_v1_ListEventsRequest__Output, _wallet_v1_ListEventsResponse>;
  
  /**
   * How far each account has come, for all accounts that events from a position on name. To be asked again and again, each
   * time from the `safe_position` of the time before.
   */
  ListHeads: grpc.handleUnaryCall<_wallet_v1_ListHeadsRequest__Output, _wallet_v1_ListHeadsResponse>;
  
}

export interface EventServiceDefinition extends grpc.ServiceDefinition {
  GetEvents: MethodDefinition<_wallet_v1_GetEventsRequest, _wallet_v1_GetEventsResponse, _wallet_v1_GetEventsRequest__Output, _wallet_v1_GetEventsResponse__Output>
  ListEvents: MethodDefinition<_wallet_v1_ListEventsRequest, _wallet_v1_ListEventsResponse, _wallet_v1_ListEventsRequest__Output, _wallet_v1_ListEventsResponse__Output>
  ListHeads: MethodDefinition<_wallet_v1_ListHeadsRequest, _wallet_v1_ListHeadsResponse, _wallet_v1_ListHeadsRequest__Output, _wallet_v1_ListHeadsResponse__Output>
}
