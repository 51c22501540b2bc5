// Original file: proto/wallet/v1/wallet.proto

import type { Event as _wallet_v1_Event, Event__Output as _wallet_v1_Event__Output } from '../../wallet/v1/Event';

export interface GetEventsResponse {
  /**
   * Those of an account ascend by its sequence.
   */
  'events'?: (_wallet_v1_Event)[];
  /**
   * Whether the limit cut the answer short: ask again, from the last sequence that is known by now.
   */
  'hasMore'?: (boolean);
}

export interface GetEventsResponse__Output {
  /**
   * Those of an account ascend by its sequence.
   */
  'events': (_wallet_v1_Event__Output)[];
  /**
   * Whether the limit cut the answer short: ask again, from the last sequence that is known by now.
   */
  'hasMore': (boolean);
}
