// Original file: proto/wallet/v1/wallet.proto

import type { AccountHead as _wallet_v1_AccountHead, AccountHead__Output as _wallet_v1_AccountHead__Output } from '../../wallet/v1/AccountHead';
import type { Long } from '@grpc/proto-loader';

export interface ListHeadsResponse {
  'heads'?: (_wallet_v1_AccountHead)[];
  /**
   * The last position read, to pass as `after_position` for the next page.
   */
  'nextPosition'?: (number | string | Long);
  /**
   * Whether there are no further events.
   */
  'isEnd'?: (boolean);
  /**
   * The position from which to start the next call: no event will ever appear at or before this position that isn't there
   * already. A transaction takes its position before it commits, so its event can appear before others that were already
   * read, but only within a few seconds: timeouts bound the transaction. All events up to this position are older than two
   * minutes by the database's clock. If the first event after `after_position` is younger, this is `after_position`.
   */
  'safePosition'?: (number | string | Long);
}

export interface ListHeadsResponse__Output {
  'heads': (_wallet_v1_AccountHead__Output)[];
  /**
   * The last position read, to pass as `after_position` for the next page.
   */
  'nextPosition': (number);
  /**
   * Whether there are no further events.
   */
  'isEnd': (boolean);
  /**
   * The position from which to start the next call: no event will ever appear at or before this position that isn't there
   * already. A transaction takes its position before it commits, so its event can appear before others that were already
   * read, but only within a few seconds: timeouts bound the transaction. All events up to this position are older than two
   * minutes by the database's clock. If the first event after `after_position` is younger, this is `after_position`.
   */
  'safePosition': (number);
}
