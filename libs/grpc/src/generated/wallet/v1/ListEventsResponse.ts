// Original file: proto/wallet/v1/wallet.proto

import type { Event as _wallet_v1_Event, Event__Output as _wallet_v1_Event__Output } from '../../wallet/v1/Event';
import type { Long } from '@grpc/proto-loader';

export interface ListEventsResponse {
  /**
   * Ascending by position; none at the end.
   */
  'events'?: (_wallet_v1_Event)[];
  /**
   * The last one there is now.
   */
  'lastPosition'?: (number | string | Long);
}

export interface ListEventsResponse__Output {
  /**
   * Ascending by position; none at the end.
   */
  'events': (_wallet_v1_Event__Output)[];
  /**
   * The last one there is now.
   */
  'lastPosition': (number);
}
