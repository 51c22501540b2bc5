import type { Database } from '@souk/database';
import type { OutboxRelay } from '@souk/messaging';
import { AppError, unavailable, type Logger } from '@souk/service';
import type { AccountEvent, Consumer } from '../consumer';
import type { ApplicationTimer, ConsumerMetrics } from './consumer-metrics';
import { addPending, decideRuns, dropApplied, findGaps, headsOf, type Pending, type Sequences } from './pending-events';
import { lockProgress, readProgress, saveProgress } from './progress-store';
import { CURSORS_MAX, type Head, type WalletEvents } from './wallet-events';

export interface IngestionDeps {
  consumer: Consumer;
  db: Database;
  wallet: WalletEvents;
  outbox: Pick<OutboxRelay, 'nudge'>;
  metrics: ConsumerMetrics;
  logger: Logger;
  /** Aborted when the process stops. Work with several steps ends after the current one. */
  signal?: AbortSignal;
}

/** Consecutive rounds without progress by any replica: the last guard against an endless loop. */
const IDLE_ROUNDS_MAX = 10;

/**
 * Applies the given events and every unapplied event before them. Missing ones are fetched from the wallet, so no event is kept in
 * memory for later, and nothing waits for a message.
 * @param heads accounts to apply up to a sequence, without the event itself
 * @returns the accounts for which the wallet has fewer events than claimed, with the last sequence that it has
 * @throws AppError `unavailable` or `timeout` if an engine or the wallet doesn't answer, or the process stops. Events applied by
 * then stay applied and are skipped the next time
 */
export async function applyEvents(
  deps: IngestionDeps,
  events: readonly AccountEvent[],
  heads: readonly Head[] = [],
): Promise<Sequences> {
  const timer = deps.metrics.startApplication(deps.consumer.name);
  try {
    timer.setPending(events);
    return await applyAll(deps, events, { heads, timer });
  } finally {
    timer.end();
  }
}

async function applyAll(
  deps: IngestionDeps,
  events: readonly AccountEvent[],
  { heads, timer }: { heads: readonly Head[]; timer: ApplicationTimer },
): Promise<Sequences> {
  const pending: Pending = new Map();
  addPending(pending, events);
  const targets = headsOf([...events, ...heads]);
  const lastInWallet = new Map<string, number>();
  let appliedTo = await readProgress(deps.db, deps.consumer.name, [...targets.keys()]);
  dropApplied(pending, targets, appliedTo);
  countArrived(deps, events.length, { pending, targets }, appliedTo);
  timer.setPending(eventsOf(pending));

  for (let idleRounds = 0; targets.size > 0;) {
    // Progress read without a lock is only a hint; what to apply is decided under the lock.
    await fetchMissing(deps, { pending, targets, lastInWallet }, appliedTo);
    timer.setPending(eventsOf(pending));
    const before = appliedTo;
    appliedTo = await applyRuns(deps, pending, [...targets.keys()]);
    dropApplied(pending, targets, appliedTo);
    const hasAdvanced = [...appliedTo].some(([accountId, sequence]) => sequence !== before.get(accountId));
    idleRounds = hasAdvanced ? 0 : idleRounds + 1;
    if (idleRounds > IDLE_ROUNDS_MAX)
      throw new AppError(
        'conflict',
        'CONFLICT',
        'the events could not be applied up to the expected sequence; try again',
      );
  }
  return lastInWallet;
}

/** The work that remains. */
interface Work {
  pending: Pending;
  /** The sequence up to which each account is to be applied. */
  targets: Map<string, number>;
  lastInWallet: Map<string, number>;
}

/** Fetches a page of missing events from the wallet; the next round fetches more. */
async function fetchMissing(deps: IngestionDeps, work: Work, appliedTo: Sequences): Promise<void> {
  const { consumer, wallet, metrics, logger } = deps;
  const gaps = findGaps(work.pending, work.targets, appliedTo).slice(0, CURSORS_MAX);
  if (gaps.length === 0) return;
  // There may be a lot to fetch, so another replica or the next start does it.
  if (deps.signal?.aborted) throw unavailable('the consumer');
  const { events, hasMore } = await wallet.after(gaps);
  metrics.events.inc({ consumer: consumer.name, outcome: 'fetched' }, events.length);
  logger.info(
    { consumer: consumer.name, accounts: gaps.length, first: gaps[0], fetched: events.length },
    'fetched events that have not arrived as messages',
  );
  addPending(work.pending, events);
  if (hasMore) return;
  for (const { accountId, after } of gaps) {
    if (work.pending.get(accountId)?.has(after + 1)) continue;
    // An event is published after its commit, so an earlier event that the wallet doesn't have never existed.
    logger.error({ consumer: consumer.name, accountId, sequence: after + 1 }, 'the wallet has no such event');
    work.lastInWallet.set(accountId, after);
    work.targets.set(accountId, after);
  }
}

/** Applies all events that follow without a gap and saves the progress, in one transaction. @returns the accounts' progress */
async function applyRuns(
  { consumer, db, outbox, metrics }: IngestionDeps,
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
  for (const bySequence of pending.values()) yield* bySequence.values();
}

function countArrived(
  { consumer, metrics }: IngestionDeps,
  arrived: number,
  { pending, targets }: { pending: Pending; targets: Sequences },
  appliedTo: Sequences,
): void {
  let fresh = 0;
  for (const bySequence of pending.values()) fresh += bySequence.size;
  let unapplied = 0;
  for (const [accountId, upTo] of targets) unapplied += upTo - (appliedTo.get(accountId) ?? 0);
  metrics.events.inc({ consumer: consumer.name, outcome: 'duplicate' }, arrived - fresh);
  metrics.events.inc({ consumer: consumer.name, outcome: 'missing' }, unapplied - fresh);
}
