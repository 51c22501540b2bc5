// Original file: proto/wallet/v1/wallet.proto

import type { Event as _wallet_v1_Event, Event__Output as _wallet_v1_Event__Output } from '../../wallet/v1/Event';
import type { Long } from '@grpc/proto-loader';

export interface ListEventsResponse {
  /**
   * In ascending order of position; empty at the end.
   */
  'events'?: (_wallet_v1_Event)[];
  /**
   * The position of the last event now.
   */
  'lastPosition'?: (number | string | Long);
}

export interface ListEventsResponse__Output {
  /**
   * In ascending order of position; empty at the end.
   */
  'events': (_wallet_v1_Event__Output)[];
  /**
   * The position of the last event now.
   */
  'lastPosition': (number);
}
