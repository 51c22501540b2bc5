import { setImmediate, setTimeout } from 'node:timers/promises';
import { AppError } from './errors';

interface CoalescerOptions<Request, Response> {
  /** Runs a batch as a unit; returns one response per request, in order. */
  run(batch: Request[]): Promise<Response[]>;
  /** Maximum weight of a batch; a request that exceeds it runs alone. */
  batchMax: number;
  /** Maximum weight that may wait; a request that would exceed it is rejected as `overloaded`, unless nothing is waiting. */
  queueMax: number;
  /** A request's weight for `batchMax` and `queueMax`. Default: 1 */
  weightOf?(request: Request): number;
  /** How long each batch waits for more requests, in milliseconds. It suits work that no caller waits for. Default: 0 */
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
  let queue: Waiting<Request, Response>[] = [];
  let queueWeight = 0;
  let activeRun: Promise<void> | undefined;

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
    let size = 1;
    let weight = queue[0]!.weight;
    while (size < queue.length && weight + queue[size]!.weight <= options.batchMax) weight += queue[size++]!.weight;
    const batch = queue.slice(0, size);
    queue = queue.slice(size);
    queueWeight -= weight;
    return batch;
  };

  const processQueue = async () => {
    // Lets requests from the same turn of the event loop join the first batch.
    await setImmediate();
    while (queue.length > 0) {
      if (options.gatherMs) await setTimeout(options.gatherMs);
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
        activeRun ??= processQueue();
      }),
    drain: async () => {
      while (activeRun) await activeRun;
    },
  };
}
