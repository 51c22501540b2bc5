// Original file: proto/wallet/v1/wallet.proto

import type { AccountHead as _wallet_v1_AccountHead, AccountHead__Output as _wallet_v1_AccountHead__Output } from '../../wallet/v1/AccountHead';
import type { Long } from '@grpc/proto-loader';

export interface ListHeadsResponse {
  'heads'?: (_wallet_v1_AccountHead)[];
  /**
   * How far was looked: where the next page begins.
   */
  'nextPosition'?: (number | string | Long);
  /**
   * Whether there were no events behind it.
   */
  'isEnd'?: (boolean);
  /**
   * Where to begin the next time: no event will ever come to stand up to there that is not there already. A position is taken
   * before its transaction commits, so an event may come to stand before others that were seen already, but only for as
   * long as its transaction lasts: a few seconds, which time-outs bound. Up to here everything is older than two minutes by the
   * clock of the database. Where the first event behind `after_position` is younger, this is `after_position`.
   */
  'safePosition'?: (number | string | Long);
}

export interface ListHeadsResponse__Output {
  'heads': (_wallet_v1_AccountHead__Output)[];
  /**
   * How far was looked: where the next page begins.
   */
  'nextPosition': (number);
  /**
   * Whether there were no events behind it.
   */
  'isEnd': (boolean);
  /**
   * Where to begin the next time: no event will ever come to stand up to there that is not there already. A position is taken
   * before its transaction commits, so an event may come to stand before others that were seen already, but only for as
   * long as its transaction lasts: a few seconds, which time-outs bound. Up to here everything is older than two minutes by the
   * clock of the database. Where the first event behind `after_position` is younger, this is `after_position`.
   */
  'safePosition': (number);
}
