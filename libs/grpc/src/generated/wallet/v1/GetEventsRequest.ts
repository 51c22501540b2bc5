// Original file: proto/wallet/v1/wallet.proto

import type { AccountCursor as _wallet_v1_AccountCursor, AccountCursor__Output as _wallet_v1_AccountCursor__Output } from '../../wallet/v1/AccountCursor';

export interface GetEventsRequest {
  /**
   * At most 1,000, each account once.
   */
  'accounts'?: (_wallet_v1_AccountCursor)[];
  /**
   * Of events; 500 where it is 0, at most 1,000.
   */
  'limit'?: (number);
}

export interface GetEventsRequest__Output {
  /**
   * At most 1,000, each account once.
   */
  'accounts': (_wallet_v1_AccountCursor__Output)[];
  /**
   * Of events; 500 where it is 0, at most 1,000.
   */
  'limit': (number);
}
