import { failures, HttpFailure } from '../response/failure';

/** Limits concurrent work. Excess work is refused, not queued. */
export interface Gate {
  /** @throws HttpFailure 429 when full */
  check(): void;
  /** @throws HttpFailure 429 when full; anything that `work` throws */
  pass(work: () => Promise<void>): Promise<void>;
  count(): number;
}

export function createGate(max: number): Gate {
  let count = 0;
  const check = () => {
    if (count >= max) throw new HttpFailure(failures.overloaded());
  };
  return {
    check,
    pass: async (work) => {
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
