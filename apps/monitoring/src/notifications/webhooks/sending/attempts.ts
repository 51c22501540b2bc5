import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClaimedDelivery } from '../deliveries/claim-deliveries';
import { ATTEMPT_LIMITS, createAttemptSlots, type AttemptSlots } from './attempt-slots';
import { deliver, type DeliverDeps } from './deliver';

/** Half of the 10 s that a process has to stop. */
const STOP_WAIT_MS = 5_000;

/** The attempts in progress. */
interface Attempts {
  slots: Pick<AttemptSlots, 'free' | 'exhausted' | 'choose'>;
  start(claimed: ClaimedDelivery): void;
  /** Waits up to five seconds for the attempts in progress, then aborts the rest and releases their deliveries. */
  stop(): Promise<void>;
}

/** @param onEnd called when an attempt has ended and its slot is free again */
export function createAttempts(deps: DeliverDeps, onEnd: () => void): Attempts {
  const slots = createAttemptSlots(ATTEMPT_LIMITS);
  const inProgress = new Set<Promise<void>>();
  const stopping = new AbortController();
  setMaxListeners(ATTEMPT_LIMITS.total, stopping.signal);

  return {
    slots,
    start: (claimed) => {
      slots.acquire(claimed);
      const attempt = deliver(deps, claimed, stopping.signal)
        .catch((error: unknown) =>
          deps.logger.warn(
            { err: error, deliveryId: claimed.id },
            'the outcome of an attempt could not be recorded; the delivery will be attempted again',
          ),
        )
        .finally(() => {
          inProgress.delete(attempt);
          slots.release(claimed);
          onEnd();
        });
      inProgress.add(attempt);
    },
    stop: async () => {
      const waitTimer = new AbortController();
      await Promise.race([
        Promise.all(inProgress),
        delay(STOP_WAIT_MS, undefined, { signal: waitTimer.signal }).catch(() => undefined),
      ]);
      waitTimer.abort();
      stopping.abort();
      await Promise.all(inProgress);
    },
  };
}
