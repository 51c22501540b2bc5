export { createCartApiClient } from './client';
export type * from './generated/cart-api';
export type {
  CallOptions,
  ClientOptions,
  ConditionalCallOptions,
  KeyedCallOptions,
  WaitingCallOptions,
} from './options';
export {
  FailureError,
  NoAnswerError,
  UnexpectedAnswerError,
  unwrap,
  type AnswerFacts,
  type Failure,
  type Result,
} from './result';
export { parseRetryAfter, type RetryPolicy } from './retry';
