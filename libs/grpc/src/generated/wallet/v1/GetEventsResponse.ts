// Original file: proto/wallet/v1/wallet.proto

import type { Event as _wallet_v1_Event, Event__Output as _wallet_v1_Event__Output } from '../../wallet/v1/Event';

export interface GetEventsResponse {
  /**
   * The events of each account, in ascending order of its sequence.
   */
  'events'?: (_wallet_v1_Event)[];
  /**
   * Whether the limit cut the answer short. If so, call again with the last sequences received.
   */
  'hasMore'?: (boolean);
}

export interface GetEventsResponse__Output {
  /**
   * The events of each account, in ascending order of its sequence.
   */
  'events': (_wallet_v1_Event__Output)[];
  /**
   * Whether the limit cut the answer short. If so, call again with the last sequences received.
   */
  'hasMore': (boolean);
}
