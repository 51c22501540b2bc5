// Original file: proto/wallet/v1/wallet.proto

import type { EventEntry as _wallet_v1_EventEntry, EventEntry__Output as _wallet_v1_EventEntry__Output } from '../../wallet/v1/EventEntry';
import type { Long } from '@grpc/proto-loader';

export interface Event {
  /**
   * The id of the event and of its message.
   */
  'id'?: (string);
  'position'?: (number | string | Long);
  /**
   * transactions.completed or transactions.failed.
   */
  'type'?: (string);
  'transactionId'?: (string);
  /**
   * As in the statement of an account: replenish, transfer and so on.
   */
  'transactionType'?: (string);
  /**
   * completed or failed.
   */
  'status'?: (string);
  /**
   * Why it failed; empty if it did not.
   */
  'reason'?: (string);
  'entries'?: (_wallet_v1_EventEntry)[];
  /**
   * When the transaction completed or was refused, RFC 3339 in UTC.
   */
  'timestamp'?: (string);
  /**
   * The order of a charge or refund; empty for other events and for events older than this field.
   */
  'orderId'?: (string);
  /**
   * The cash withdrawal of a charge or refund; empty in the same cases.
   */
  'withdrawalId'?: (string);
}

export interface Event__Output {
  /**
   * The id of the event and of its message.
   */
  'id': (string);
  'position': (number);
  /**
   * transactions.completed or transactions.failed.
   */
  'type': (string);
  'transactionId': (string);
  /**
   * As in the statement of an account: replenish, transfer and so on.
   */
  'transactionType': (string);
  /**
   * completed or failed.
   */
  'status': (string);
  /**
   * Why it failed; empty if it did not.
   */
  'reason': (string);
  'entries': (_wallet_v1_EventEntry__Output)[];
  /**
   * When the transaction completed or was refused, RFC 3339 in UTC.
   */
  'timestamp': (string);
  /**
   * The order of a charge or refund; empty for other events and for events older than this field.
   */
  'orderId': (string);
  /**
   * The cash withdrawal of a charge or refund; empty in the same cases.
   */
  'withdrawalId': (string);
}
