/** One request of an operation. */
export interface LoadRequest {
  method: 'POST' | 'GET';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What a customer does: requests, one after the other. It is measured from the first request to the last response. */
export type Operation = LoadRequest[];

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /** Operations per second, sent on schedule however slow the answers are; undefined: each connection waits for its answer. */
  rate: number | undefined;
  /** Whether operations start in waves, one operation per connection and wave, at the same mean rate. */
  isInWaves?: boolean;
  /** Repeated. All have the same number of requests, and there are at least as many as connections. */
  operations: Operation[];
  /** Gives each request an `Idempotency-Key` of its own; only in a closed loop. */
  hasKeys?: true;
}

export interface LoadResult {
  /** Operations whose last response was any 2xx. */
  accepted: number;
  /** Operations whose last response was 200. */
  completed: number;
  /** Operations with any other response or none. */
  failed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}
