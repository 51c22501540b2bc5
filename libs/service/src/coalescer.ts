import { setImmediate } from 'node:timers/promises';
import { AppError } from './errors';
import { createGathering } from './gathering';

interface CoalescerOptions<Request, Response> {
  /** Runs a batch as a unit; returns one response per request, in order. */
  run(batch: Request[]): Promise<Response[]>;
  /** Maximum weight of a batch; a request that exceeds it runs alone. */
  batchMax: number;
  /** Maximum weight that may wait; a request that would exceed it is rejected as `overloaded`, unless nothing is waiting. */
  queueMax: number;
  /** A request's weight for `batchMax` and `queueMax`. Default: 1 */
  weightOf?(request: Request): number;
  /** How long a partial batch waits for more requests, in milliseconds. It suits work that no caller waits for. Default: 0 */
  gatherMs?: number;
  onBatch?(size: number): void;
}

interface Coalescer<Request, Response> {
  /** @throws AppError `overloaded` if the queue is full; any error that `run` throws */
  submit(request: Request): Promise<Response>;
  /** Resolves when nothing is in flight or waiting. */
  drain(): Promise<void>;
}

interface Waiting<Request, Response> {
  request: Request;
  weight: number;
  resolve(response: Response): void;
  reject(error: unknown): void;
}

/**
 * Group commit: requests that arrive while a batch is in flight form the next one, so a hot row is locked once per batch, not
 * once per request. If nothing is in flight, a request starts at once, unless `gatherMs` is set.
 *
 * An engine fault fails the whole batch. After an error in the data each request runs alone, so that a bad one doesn't fail the
 * others. `run` must therefore have no effect if it throws.
 */
export function createCoalescer<Request, Response>(
  options: CoalescerOptions<Request, Response>,
): Coalescer<Request, Response> {
  const queue: Waiting<Request, Response>[] = [];
  let queueWeight = 0;
  let activeRun: Promise<void> | undefined;
  const gathering = createGathering(options.gatherMs);
  let isDraining = false;

  const runBatch = async (batch: Waiting<Request, Response>[]): Promise<void> => {
    options.onBatch?.(batch.length);
    try {
      const responses = await options.run(batch.map((waiting) => waiting.request));
      batch.forEach((waiting, index) => waiting.resolve(responses[index] as Response));
    } catch (error) {
      const isEngineFault = error instanceof AppError && error.retryable;
      if (batch.length === 1 || isEngineFault) batch.forEach((waiting) => waiting.reject(error));
      else for (const waiting of batch) await runBatch([waiting]);
    }
  };

  const takeBatch = (): Waiting<Request, Response>[] => {
    const batch = queue.splice(0, batchLength(queue, options.batchMax));
    for (const { weight } of batch) queueWeight -= weight;
    return batch;
  };

  const processQueue = async () => {
    // Lets requests from the same turn of the event loop join the first batch.
    await setImmediate();
    while (queue.length > 0) {
      if (!isDraining && queueWeight < options.batchMax) await gathering.wait();
      await runBatch(takeBatch());
    }
    activeRun = undefined;
  };

  return {
    submit: (request) =>
      new Promise((resolve, reject) => {
        const weight = options.weightOf?.(request) ?? 1;
        if (queue.length > 0 && queueWeight + weight > options.queueMax) {
          reject(new AppError('overloaded', 'OVERLOADED', 'Too many requests are waiting; try again shortly'));
          return;
        }
        queueWeight += weight;
        queue.push({ request, weight, resolve, reject });
        if (queueWeight >= options.batchMax) gathering.end();
        activeRun ??= processQueue();
      }),
    drain: async () => {
      isDraining = true;
      gathering.end();
      while (activeRun) await activeRun;
      isDraining = false;
    },
  };
}

/** @returns the number of leading requests that form the next batch; at least 1 */
function batchLength(queue: readonly { weight: number }[], batchMax: number): number {
  let weight = 0;
  const end = queue.findIndex((request, index) => (weight += request.weight) > batchMax && index > 0);
  return end === -1 ? queue.length : end;
}
