import { startPurge } from '@souk/database';
import { runEvery, type Logger } from '@souk/service';
import { claimDeliveries, dueAccounts } from '../deliveries/claim-deliveries';
import { sweepDeliveries } from '../deliveries/sweep-deliveries';
import { createAttempts } from './attempts';
import type { DeliverDeps } from './deliver';

/** Attempts due deliveries, alongside other replicas. */
export interface Dispatcher {
  start(): void;
  /** Starts no more attempts, waits up to five seconds for those in progress, and releases the deliveries of the rest. */
  stop(): Promise<void>;
}

const POLL_INTERVAL_MS = 250;
/** The pause after a poll that found nothing to do. */
const IDLE_POLL_INTERVAL_MS = 1_000;
/** Added to the timeout of an attempt, so that its outcome can be recorded before the lease ends. */
const LEASE_MARGIN_MS = 30_000;
/** The database is polled several times per second, but its failures are logged only this often. */
const WARN_INTERVAL_MS = 60_000;
const SWEEP_INTERVAL_MS = 60_000;
/** How long a repeated redelivery with the same `Idempotency-Key` gets the same answer. */
const REDELIVERIES_KEPT_HOURS = 31 * 24;

/** Looks for due deliveries at intervals and whenever a slot becomes free. */
export function createDispatcher(deps: DeliverDeps): Dispatcher {
  const { db, logger } = deps;
  const leaseMs = deps.postOptions.timeoutMs + LEASE_MARGIN_MS;
  let isStopped = false;
  let dispatching: Promise<void> | undefined;
  let [isSlotFreed, isIdle] = [false, false];
  let timers: { stop(): Promise<void> }[] = [];

  const attempts = createAttempts(deps, () => {
    isSlotFreed = true;
    if (!isStopped) void dispatch();
  });

  /** @returns whether any attempt was started */
  const startAttempts = async (): Promise<boolean> => {
    const { slots } = attempts;
    if (isStopped || slots.free() === 0) return false;
    const accounts = await dueAccounts(db, slots.exhausted(), slots.free());
    isIdle = accounts.length === 0;
    const chosenAccounts = slots.choose(accounts);
    if (chosenAccounts.length === 0) return false;
    const accountIds = chosenAccounts.map(({ accountId }) => accountId);
    const claimed = await claimDeliveries(db, accountIds, leaseMs);
    claimed.forEach(attempts.start);
    return claimed.length > 0;
  };

  const warnAboutDatabase = createDatabaseWarning(logger);

  const dispatch = (): Promise<void> => {
    dispatching ??= (async () => {
      do isSlotFreed = false;
      while ((await startAttempts()) || isSlotFreed);
    })()
      .catch(warnAboutDatabase)
      .finally(() => (dispatching = undefined));
    return dispatching;
  };

  return {
    start: () => {
      timers = [
        runEvery(
          () => (isIdle ? IDLE_POLL_INTERVAL_MS : POLL_INTERVAL_MS),
          'the search for due deliveries',
          logger,
          dispatch,
        ),
        runEvery(SWEEP_INTERVAL_MS, 'the sweep of deliveries', logger, () => sweepDeliveries(deps, () => isStopped)),
        startPurge(db, 'webhook_redelivery', REDELIVERIES_KEPT_HOURS, logger),
      ];
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(timers.map((timer) => timer.stop()));
      await dispatching;
      await attempts.stop();
    },
  };
}

/** @returns a function that logs database errors, at most one per `WARN_INTERVAL_MS` */
function createDatabaseWarning(logger: Logger): (error: unknown) => void {
  let warnedAt = -Infinity;
  return (error) => {
    if (performance.now() - warnedAt < WARN_INTERVAL_MS) return;
    warnedAt = performance.now();
    logger.warn({ err: error }, 'deliveries are waiting for the database');
  };
}
