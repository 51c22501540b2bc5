import { startPurge, type Queryable } from '@souk/database';
import { every } from '@souk/service';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  accountsWithoutWebhook,
  cancelPending,
  CHUNK,
  endOverdue,
  purgeDeliveries,
} from '../deliveries/change-deliveries';
import { claimDeliveries, dueAccounts, type ClaimedDelivery } from '../deliveries/claim-deliveries';
import { purgeSecrets } from '../webhook-store';
import { deliver, type DeliverDeps } from './deliver';
import { createPlaces, PLACES } from './places';

/** Makes due deliveries, alongside other replicas. */
export interface Dispatcher {
  start(): void;
  /** Starts no more attempts, waits a while for those under way, and releases the deliveries that aren't done by then. */
  stop(): Promise<void>;
}

const POLL_INTERVAL_MS = 250;
/** Added to the timeout of an attempt, for recording its outcome. */
const LEASE_MARGIN_MS = 30_000;
/** A process has 10 s to stop. */
const STOP_WAIT_MS = 5_000;
/** The database is polled several times per second. */
const WARN_INTERVAL_MS = 60_000;
const SWEEP_INTERVAL_MS = 60_000;
/** Finished deliveries are kept this long. */
const KEPT_DAYS = 30;
/** A redelivery with an `Idempotency-Key` gets the same answer for this long. */
const REDELIVERIES_KEPT_DAYS = 31;
const CHUNKS_MAX = 100;
const SWEPT_ACCOUNTS_MAX = 100;

/** Looks for due deliveries at intervals and whenever a place becomes free. */
export function createDispatcher(deps: DeliverDeps): Dispatcher {
  const { db, logger, metrics } = deps;
  const leaseMs = deps.postOptions.timeoutMs + LEASE_MARGIN_MS;
  const places = createPlaces(PLACES);
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  setMaxListeners(PLACES.inAll, stopping.signal);
  let isStopped = false;
  let filling: Promise<void> | undefined;
  let isFreed = false;
  let timers: { stop(): Promise<void> }[] = [];

  const begin = (claimed: ClaimedDelivery) => {
    places.take(claimed);
    const attempt = deliver(deps, claimed, stopping.signal)
      .catch((error: unknown) => logger.warn({ err: error, deliveryId: claimed.id }, 'a delivery is made again'))
      .finally(() => {
        underWay.delete(attempt);
        places.leave(claimed);
        isFreed = true;
        if (!isStopped) void fill();
      });
    underWay.add(attempt);
  };

  /** @returns whether any attempt was started */
  const beginSome = async (): Promise<boolean> => {
    if (isStopped || places.free() === 0) return false;
    const due = places.choose(await dueAccounts(db, places.full(), places.free()));
    if (due.length === 0) return false;
    const accountIds = due.map(({ accountId }) => accountId);
    const claimed = await claimDeliveries(db, accountIds, leaseMs);
    claimed.forEach(begin);
    return claimed.length > 0;
  };

  let warnedAt = -Infinity;
  const warnOfDatabase = (error: unknown) => {
    if (performance.now() - warnedAt < WARN_INTERVAL_MS) return;
    warnedAt = performance.now();
    logger.warn({ err: error }, 'deliveries wait for the database');
  };

  const fill = (): Promise<void> => {
    filling ??= (async () => {
      do isFreed = false;
      while ((await beginSome()) || isFreed);
    })()
      .catch(warnOfDatabase)
      .finally(() => (filling = undefined));
    return filling;
  };

  /** Runs each chunk in its own transaction. */
  const inChunks = async (
    work: (tx: Queryable) => Promise<number>,
    done: (count: number) => void = () => undefined,
  ) => {
    for (let chunk = 1; chunk <= CHUNKS_MAX && !isStopped; chunk++) {
      const count = await db.transaction(work);
      done(count);
      if (count < CHUNK) return;
    }
  };

  const sweep = async () => {
    await purgeSecrets(db);
    await inChunks(
      (tx) => endOverdue(tx, deps.retryForMs),
      (count) => {
        metrics.ended.inc({ state: 'dead' }, count);
        if (count > 0) logger.warn({ count }, 'deliveries were given up whose turn never came');
      },
    );
    for (const accountId of await accountsWithoutWebhook(db, SWEPT_ACCOUNTS_MAX))
      await inChunks(
        (tx) => cancelPending(tx, accountId),
        (count) => metrics.ended.inc({ state: 'cancelled' }, count),
      );
    await inChunks((tx) => purgeDeliveries(tx, KEPT_DAYS));
  };

  return {
    start: () => {
      timers = [
        every(POLL_INTERVAL_MS, 'the search for deliveries', logger, fill),
        every(SWEEP_INTERVAL_MS, 'the sweep of deliveries', logger, sweep),
        startPurge(db, 'webhook_redelivery', REDELIVERIES_KEPT_DAYS * 24, logger),
      ];
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(timers.map((timer) => timer.stop()));
      await filling;
      const waited = new AbortController();
      await Promise.race([
        Promise.all(underWay),
        delay(STOP_WAIT_MS, undefined, { signal: waited.signal }).catch(() => undefined),
      ]);
      waited.abort();
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
