import { failures, HttpFailure } from '../response/failure';

/** Limits how much work runs at once. Excess work is refused, not queued. */
export interface ConcurrencyLimiter {
  /** @throws HttpFailure 429 at the limit */
  check(): void;
  /** @throws HttpFailure 429 at the limit; anything that `work` throws */
  run(work: () => Promise<void>): Promise<void>;
  /** How much work is running. */
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
