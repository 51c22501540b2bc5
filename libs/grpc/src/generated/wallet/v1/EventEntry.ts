// Original file: proto/wallet/v1/wallet.proto

import type { Long } from '@grpc/proto-loader';

export interface EventEntry {
  'accountId'?: (string);
  'sequence'?: (number | string | Long);
  /**
   * What came in; below zero, what went out: "-12.50".
   */
  'amount'?: (string);
  'currency'?: (string);
}

export interface EventEntry__Output {
  'accountId': (string);
  'sequence': (number);
  /**
   * What came in; below zero, what went out: "-12.50".
   */
  'amount': (string);
  'currency': (string);
}
