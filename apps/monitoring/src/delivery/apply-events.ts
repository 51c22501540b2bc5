import type { Database } from '@souk/database';
import type { OutboxRelay } from '@souk/messaging';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { AccountEvent, Consumer } from '../consumer';
import type { Applying, DeliveryMetrics } from './delivery-metrics';
import { addPending, decideRuns, dropApplied, findGaps, headsOf, type Pending, type Sequences } from './pending-events';
import { lockProgress, readProgress, saveProgress } from './progress-store';
import { CURSORS_MAX, type Head, type WalletEvents } from './wallet-events';

export interface DeliveryDeps {
  consumer: Consumer;
  db: Database;
  wallet: WalletEvents;
  outbox: Pick<OutboxRelay, 'nudge'>;
  metrics: DeliveryMetrics;
  logger: Logger;
  /** Aborted when the process stops. Work with several steps ends after the current one. */
  signal?: AbortSignal;
}

/** Consecutive rounds without progress by any replica: the last guard against an endless loop. */
const IDLE_ROUNDS_MAX = 10;

/**
 * Applies the given events and every unapplied event before them. Missing ones are fetched from the wallet, so no event is kept in
 * memory for later and no message is waited for.
 * @param heads accounts to apply up to a sequence, whose event is not at hand
 * @returns accounts for which the wallet has fewer events than claimed, with the number it has
 * @throws AppError `unavailable` or `timeout` if an engine or the wallet doesn't answer, or the process stops. Events applied by
 * then stay applied and are skipped next time
 */
export async function applyEvents(
  deps: DeliveryDeps,
  events: readonly AccountEvent[],
  heads: readonly Head[] = [],
): Promise<Sequences> {
  const applying = deps.metrics.beginApplying(deps.consumer.name);
  try {
    applying.are(events);
    return await applyAll(deps, events, { heads, applying });
  } finally {
    applying.end();
  }
}

async function applyAll(
  deps: DeliveryDeps,
  events: readonly AccountEvent[],
  { heads, applying }: { heads: readonly Head[]; applying: Applying },
): Promise<Sequences> {
  const pending: Pending = new Map();
  addPending(pending, events);
  const wanted = headsOf([...events, ...heads]);
  const contradicted = new Map<string, number>();
  let appliedTo = await readProgress(deps.db, deps.consumer.name, [...wanted.keys()]);
  dropApplied(pending, wanted, appliedTo);
  countArrived(deps, events.length, { pending, wanted }, appliedTo);
  applying.are(eventsOf(pending));

  for (let idleRounds = 0; wanted.size > 0;) {
    // Progress read without a lock is only a hint; what to apply is decided under the lock.
    await fetchMissing(deps, { pending, wanted, contradicted }, appliedTo);
    applying.are(eventsOf(pending));
    const round = await applyRuns(deps, pending, [...wanted.keys()]);
    const before = appliedTo;
    appliedTo = round;
    dropApplied(pending, wanted, appliedTo);
    const hasMoved = [...appliedTo].some(([accountId, sequence]) => sequence !== before.get(accountId));
    idleRounds = hasMoved ? 0 : idleRounds + 1;
    if (idleRounds > IDLE_ROUNDS_MAX)
      throw new AppError('conflict', 'CONFLICT', 'the events could not be applied as far as was told; try again');
  }
  return contradicted;
}

interface Work {
  pending: Pending;
  wanted: Map<string, number>;
  contradicted: Map<string, number>;
}

/** Fetches a page of missing events from the wallet; the next round fetches more. */
async function fetchMissing(deps: DeliveryDeps, work: Work, appliedTo: Sequences): Promise<void> {
  const { consumer, wallet, metrics, logger } = deps;
  const gaps = findGaps(work.pending, work.wanted, appliedTo).slice(0, CURSORS_MAX);
  if (gaps.length === 0) return;
  // There may be a lot to fetch, so it is left to another replica or the next start.
  if (deps.signal?.aborted) throw unavailable('the consumer');
  const { events, hasMore } = await wallet.after(gaps);
  metrics.events.inc({ consumer: consumer.name, outcome: 'fetched' }, events.length);
  logger.info(
    { consumer: consumer.name, accounts: gaps.length, first: gaps[0], fetched: events.length },
    'fetched events that no message told of in time',
  );
  addPending(work.pending, events);
  if (hasMore) return;
  for (const { accountId, after } of gaps) {
    if (work.pending.get(accountId)?.has(after + 1)) continue;
    // An event is published after its commit, so an earlier event that the wallet doesn't have never existed.
    logger.error({ consumer: consumer.name, accountId, sequence: after + 1 }, 'the wallet has no such event');
    work.contradicted.set(accountId, after);
    work.wanted.set(accountId, after);
  }
}

/** Applies all events that follow without a gap and saves the progress, in one transaction. @returns the accounts' progress */
async function applyRuns(
  { consumer, db, outbox, metrics }: DeliveryDeps,
  pending: Pending,
  accountIds: readonly string[],
): Promise<Map<string, number>> {
  const { before, runs, entries } = await db.transaction(async (tx) => {
    const before = await lockProgress(tx, consumer.name, accountIds);
    const runs = decideRuns(pending, before);
    const entries = runs.events.length > 0 ? await consumer.apply(tx, runs.events) : [];
    await saveProgress(tx, consumer.name, runs.appliedTo);
    return { before, runs, entries };
  });
  outbox.nudge(entries);
  metrics.events.inc({ consumer: consumer.name, outcome: 'applied' }, runs.events.length);
  return new Map([...before, ...runs.appliedTo]);
}

function* eventsOf(pending: Pending): Iterable<AccountEvent> {
  for (const known of pending.values()) yield* known.values();
}

function countArrived(
  { consumer, metrics }: DeliveryDeps,
  arrived: number,
  { pending, wanted }: { pending: Pending; wanted: Sequences },
  appliedTo: Sequences,
): void {
  let fresh = 0;
  for (const known of pending.values()) fresh += known.size;
  let unapplied = 0;
  for (const [accountId, upTo] of wanted) unapplied += upTo - (appliedTo.get(accountId) ?? 0);
  metrics.events.inc({ consumer: consumer.name, outcome: 'duplicate' }, arrived - fresh);
  metrics.events.inc({ consumer: consumer.name, outcome: 'missing' }, unapplied - fresh);
}
