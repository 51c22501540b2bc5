import { failures, HttpFailure } from '../response/failure';

/** Limits the number of tasks that run at once. Further tasks are refused, not queued. */
export interface ConcurrencyLimiter {
  /** @throws HttpFailure 429 at the limit */
  check(): void;
  /** @throws HttpFailure 429 at the limit; anything that `work` throws */
  run(work: () => Promise<void>): Promise<void>;
  /** The number of running tasks. */
  count(): number;
}

export function createConcurrencyLimiter(max: number): ConcurrencyLimiter {
  let count = 0;
  const check = () => {
    if (count >= max) throw new HttpFailure(failures.overloaded());
  };
  return {
    check,
    run: async (work) => {
      check();
      count++;
      try {
        await work();
      } finally {
        count--;
      }
    },
    count: () => count,
  };
}
