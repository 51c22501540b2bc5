// Original file: proto/wallet/v1/wallet.proto

import type { AccountCursor as _wallet_v1_AccountCursor, AccountCursor__Output as _wallet_v1_AccountCursor__Output } from '../../wallet/v1/AccountCursor';

export interface GetEventsRequest {
  /**
   * At most 1,000; no account twice.
   */
  'accounts'?: (_wallet_v1_AccountCursor)[];
  /**
   * Maximum number of events: at most 1,000; 0 means 500.
   */
  'limit'?: (number);
}

export interface GetEventsRequest__Output {
  /**
   * At most 1,000; no account twice.
   */
  'accounts': (_wallet_v1_AccountCursor__Output)[];
  /**
   * Maximum number of events: at most 1,000; 0 means 500.
   */
  'limit': (number);
}
