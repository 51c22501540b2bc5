import type { RetryPolicy } from './retry';

export interface ClientOptions {
  /** Where the Cart API is, e.g. `https://shop.example/api`; in a browser also relative to the page. */
  url: string;
  /** For admin routes, where the service asks for a key. */
  adminKey?: string;
  /** Sent with every request, e.g. `traceparent`. */
  headers?: Record<string, string>;
  /** What is left out has its default. */
  retry?: Partial<RetryPolicy>;
  /** How long an answer may take, not counting `waitSeconds`; later the connection counts as broken. Default 15,000. */
  answerTimeoutMs?: number;
  /** How long a stream of events may say nothing, its keep-alive neither; then it is opened anew. Default 45,000. */
  silenceMaxMs?: number;
  /** Instead of the global `fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface CallOptions {
  /** Ends the call: it rejects with the reason of the signal. */
  signal?: AbortSignal;
}

/** A call that may be repeated without a second effect. */
export interface KeyedCallOptions extends CallOptions {
  /** Names the effect: 1 to 255 visible characters. One is made where none is given. Give your own to repeat a call after a crash. */
  idempotencyKey?: string;
}

/** Options of a change that may require a certain version. */
export interface ConditionalCallOptions extends CallOptions {
  /** `etag` of an earlier answer. The call fails with PRECONDITION_FAILED if the version has changed since. */
  ifMatch?: string;
}

/** How long the answer may wait for the order to settle; 5 s where nothing is said. */
export type WaitingCallOptions = KeyedCallOptions &
  (
    | {
        /** Wait up to so many seconds, at most 60. */
        waitSeconds?: number;
        respondAsync?: never;
      }
    | {
        /** Do not wait. */
        respondAsync: true;
        waitSeconds?: never;
      }
  );
