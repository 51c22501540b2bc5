import type { Queryable } from '@souk/database';
import { every } from '@souk/service';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { claimDeliveries, dueAccounts, type ClaimedDelivery } from './claim-deliveries';
import { deliver, type DeliverDeps } from './deliver';
import { accountsWithoutWebhook, cancelPending, CHUNK, endOverdue, purgeDeliveries } from './change-deliveries';
import { createPlaces, PLACES } from './places';
import { purgeRedeliveries } from './redelivery-store';
import { purgeSecrets } from './webhook-store';

/** Makes the deliveries that are due, beside those of other replicas. */
export interface Dispatcher {
  start(): void;
  /** Begins no more, waits for those under way for a while, and gives back what is not done by then. */
  stop(): Promise<void>;
}

const POLL_INTERVAL_MS = 250;
/** Beyond the time-out of an attempt: for writing down what became of it. */
const LEASE_MARGIN_MS = 30_000;
/** A process has 10 s to stop. */
const STOP_WAIT_MS = 5_000;
/** It is asked several times a second. */
const WARN_INTERVAL_MS = 60_000;
const SWEEP_INTERVAL_MS = 60_000;
/** Deliveries that ended are kept this long. */
const KEPT_DAYS = 30;
/** What was asked for with an `Idempotency-Key` is answered the same for this long. */
const REDELIVERIES_KEPT_DAYS = 31;
const CHUNKS_MAX = 100;
const SWEPT_ACCOUNTS_MAX = 100;

/** Looks for deliveries that are due, at intervals and whenever a place has become free. */
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

  /** @returns whether any was begun */
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

  /** Each chunk is a transaction. */
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
    await inChunks((tx) => purgeRedeliveries(tx, REDELIVERIES_KEPT_DAYS));
  };

  return {
    start: () => {
      timers = [
        every(POLL_INTERVAL_MS, 'the search for deliveries', logger, fill),
        every(SWEEP_INTERVAL_MS, 'the sweep of deliveries', logger, sweep),
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
