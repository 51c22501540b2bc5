// Original file: proto/wallet/v1/wallet.proto

import type { EventEntry as _wallet_v1_EventEntry, EventEntry__Output as _wallet_v1_EventEntry__Output } from '../../wallet/v1/EventEntry';
import type { Long } from '@grpc/proto-loader';

export interface Event {
  /**
   * Of the event; that of its message too.
   */
  'id'?: (string);
  'position'?: (number | string | Long);
  /**
   * transactions.completed or transactions.failed.
   */
  'type'?: (string);
  'transactionId'?: (string);
  /**
   * As in the statement of an account: replenish, transfer, …
   */
  'transactionType'?: (string);
  /**
   * completed or failed.
   */
  'status'?: (string);
  /**
   * Why it failed; empty when it did not.
   */
  'reason'?: (string);
  'entries'?: (_wallet_v1_EventEntry)[];
  /**
   * When it was decided, RFC 3339 in UTC.
   */
  'timestamp'?: (string);
  /**
   * The order of a charge or of its refund; empty for any other event, and for events from before there was this field.
   */
  'orderId'?: (string);
  /**
   * The cash withdrawal of a charge or of its refund; empty likewise.
   */
  'withdrawalId'?: (string);
}

export interface Event__Output {
  /**
   * Of the event; that of its message too.
   */
  'id': (string);
  'position': (number);
  /**
   * transactions.completed or transactions.failed.
   */
  'type': (string);
  'transactionId': (string);
  /**
   * As in the statement of an account: replenish, transfer, …
   */
  'transactionType': (string);
  /**
   * completed or failed.
   */
  'status': (string);
  /**
   * Why it failed; empty when it did not.
   */
  'reason': (string);
  'entries': (_wallet_v1_EventEntry__Output)[];
  /**
   * When it was decided, RFC 3339 in UTC.
   */
  'timestamp': (string);
  /**
   * The order of a charge or of its refund; empty for any other event, and for events from before there was this field.
   */
  'orderId': (string);
  /**
   * The cash withdrawal of a charge or of its refund; empty likewise.
   */
  'withdrawalId': (string);
}
