import { setTimeout } from 'node:timers/promises';

/** The wait of a partial batch for more work. */
export interface Gathering {
  /** Resolves after the time to gather, or when the wait is ended. */
  wait(): Promise<void>;
  /** Ends a wait. */
  end(): void;
}

export function createGathering(gatherMs = 0): Gathering {
  let waiting: AbortController | undefined;
  return {
    wait: async () => {
      if (gatherMs === 0) return;
      waiting = new AbortController();
      await setTimeout(gatherMs, undefined, { signal: waiting.signal }).catch(() => undefined);
      waiting = undefined;
    },
    end: () => waiting?.abort(),
  };
}
