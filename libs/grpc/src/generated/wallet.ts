import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AccountCursor as _wallet_v1_AccountCursor, AccountCursor__Output as _wallet_v1_AccountCursor__Output } from './wallet/v1/AccountCursor';
import type { AccountHead as _wallet_v1_AccountHead, AccountHead__Output as _wallet_v1_AccountHead__Output } from './wallet/v1/AccountHead';
import type { CancelRequest as _wallet_v1_CancelRequest, CancelRequest__Output as _wallet_v1_CancelRequest__Output } from './wallet/v1/CancelRequest';
import type { CancelResponse as _wallet_v1_CancelResponse, CancelResponse__Output as _wallet_v1_CancelResponse__Output } from './wallet/v1/CancelResponse';
import type { ChargeRequest as _wallet_v1_ChargeRequest, ChargeRequest__Output as _wallet_v1_ChargeRequest__Output } from './wallet/v1/ChargeRequest';
import type { ChargeResponse as _wallet_v1_ChargeResponse, ChargeResponse__Output as _wallet_v1_ChargeResponse__Output } from './wallet/v1/ChargeResponse';
import type { Event as _wallet_v1_Event, Event__Output as _wallet_v1_Event__Output } from './wallet/v1/Event';
import type { EventEntry as _wallet_v1_EventEntry, EventEntry__Output as _wallet_v1_EventEntry__Output } from './wallet/v1/EventEntry';
import type { EventServiceClient as _wallet_v1_EventServiceClient, EventServiceDefinition as _wallet_v1_EventServiceDefinition } from './wallet/v1/EventService';
import type { GetEventsRequest as _wallet_v1_GetEventsRequest, GetEventsRequest__Output as _wallet_v1_GetEventsRequest__Output } from './wallet/v1/GetEventsRequest';
import type { GetEventsResponse as _wallet_v1_GetEventsResponse, GetEventsResponse__Output as _wallet_v1_GetEventsResponse__Output } from './wallet/v1/GetEventsResponse';
import type { GetRequest as _wallet_v1_GetRequest, GetRequest__Output as _wallet_v1_GetRequest__Output } from './wallet/v1/GetRequest';
import type { GetResponse as _wallet_v1_GetResponse, GetResponse__Output as _wallet_v1_GetResponse__Output } from './wallet/v1/GetResponse';
import type { ListEventsRequest as _wallet_v1_ListEventsRequest, ListEventsRequest__Output as _wallet_v1_ListEventsRequest__Output } from './wallet/v1/ListEventsRequest';
import type { ListEventsResponse as _wallet_v1_ListEventsResponse, ListEventsResponse__Output as _wallet_v1_ListEventsResponse__Output } from './wallet/v1/ListEventsResponse';
import type { ListHeadsRequest as _wallet_v1_ListHeadsRequest, ListHeadsRequest__Output as _wallet_v1_ListHeadsRequest__Output } from './wallet/v1/ListHeadsRequest';
import type { ListHeadsResponse as _wallet_v1_ListHeadsResponse, ListHeadsResponse__Output as _wallet_v1_ListHeadsResponse__Output } from './wallet/v1/ListHeadsResponse';
import type { Payment as _wallet_v1_Payment, Payment__Output as _wallet_v1_Payment__Output } from './wallet/v1/Payment';
import type { PaymentResult as _wallet_v1_PaymentResult, PaymentResult__Output as _wallet_v1_PaymentResult__Output } from './wallet/v1/PaymentResult';
import type { PaymentServiceClient as _wallet_v1_PaymentServiceClient, PaymentServiceDefinition as _wallet_v1_PaymentServiceDefinition } from './wallet/v1/PaymentService';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  wallet: {
    v1: {
      AccountCursor: MessageTypeDefinition<_wallet_v1_AccountCursor, _wallet_v1_AccountCursor__Output>
      AccountHead: MessageTypeDefinition<_wallet_v1_AccountHead, _wallet_v1_AccountHead__Output>
      CancelRequest: MessageTypeDefinition<_wallet_v1_CancelRequest, _wallet_v1_CancelRequest__Output>
      CancelResponse: MessageTypeDefinition<_wallet_v1_CancelResponse, _wallet_v1_CancelResponse__Output>
      ChargeRequest: MessageTypeDefinition<_wallet_v1_ChargeRequest, _wallet_v1_ChargeRequest__Output>
      ChargeResponse: MessageTypeDefinition<_wallet_v1_ChargeResponse, _wallet_v1_ChargeResponse__Output>
      Event: MessageTypeDefinition<_wallet_v1_Event, _wallet_v1_Event__Output>
      EventEntry: MessageTypeDefinition<_wallet_v1_EventEntry, _wallet_v1_EventEntry__Output>
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
      EventService: SubtypeConstructor<typeof grpc.Client, _wallet_v1_EventServiceClient> & { service: _wallet_v1_EventServiceDefinition }
      GetEventsRequest: MessageTypeDefinition<_wallet_v1_GetEventsRequest, _wallet_v1_GetEventsRequest__Output>
      GetEventsResponse: MessageTypeDefinition<_wallet_v1_GetEventsResponse, _wallet_v1_GetEventsResponse__Output>
      GetRequest: MessageTypeDefinition<_wallet_v1_GetRequest, _wallet_v1_GetRequest__Output>
      GetResponse: MessageTypeDefinition<_wallet_v1_GetResponse, _wallet_v1_GetResponse__Output>
      ListEventsRequest: MessageTypeDefinition<_wallet_v1_ListEventsRequest, _wallet_v1_ListEventsRequest__Output>
      ListEventsResponse: MessageTypeDefinition<_wallet_v1_ListEventsResponse, _wallet_v1_ListEventsResponse__Output>
      ListHeadsRequest: MessageTypeDefinition<_wallet_v1_ListHeadsRequest, _wallet_v1_ListHeadsRequest__Output>
      ListHeadsResponse: MessageTypeDefinition<_wallet_v1_ListHeadsResponse, _wallet_v1_ListHeadsResponse__Output>
      Payment: MessageTypeDefinition<_wallet_v1_Payment, _wallet_v1_Payment__Output>
      PaymentResult: MessageTypeDefinition<_wallet_v1_PaymentResult, _wallet_v1_PaymentResult__Output>
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
      PaymentService: SubtypeConstructor<typeof grpc.Client, _wallet_v1_PaymentServiceClient> & { service: _wallet_v1_PaymentServiceDefinition }
      PaymentState: EnumTypeDefinition
    }
  }
}

