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

/** Maximum number of consecutive rounds in which no replica makes progress; guards against an endless loop. */
const IDLE_ROUNDS_MAX = 10;

/**
 * Applies the given events and every unapplied event before them. Missing ones are fetched from the wallet, so no event is kept in
 * memory for later, and nothing waits for a message.
 * @param heads accounts and the sequences up to which to apply their events, which are fetched
 * @returns the accounts of which the wallet has fewer events than `events` and `heads` claim, with their last sequence in the wallet
 * @throws AppError `unavailable` or `timeout` if an engine or the wallet doesn't respond, or the process stops. Events applied
 * until then stay applied, and the next call skips them
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
  if (targets.size === 0) return lastInWallet;
  // Messages seldom leave gaps, so they are applied first. The events up to a head have to be fetched first.
  const { before, after } =
    heads.length === 0
      ? await applyRuns(deps, pending, [...targets.keys()])
      : await unchangedProgress(deps, [...targets.keys()]);
  dropApplied(pending, targets, before);
  countMessages(deps, events.length, { pending, targets }, before);
  let appliedTo = after;
  dropApplied(pending, targets, appliedTo);
  timer.setPending(eventsOf(pending));

  for (let idleRounds = 0; targets.size > 0;) {
    // Progress read without a lock is only a hint; which events to apply is decided under the lock.
    await fetchMissing(deps, { pending, targets, lastInWallet }, appliedTo);
    timer.setPending(eventsOf(pending));
    const earlier = appliedTo;
    appliedTo = (await applyRuns(deps, pending, [...targets.keys()])).after;
    dropApplied(pending, targets, appliedTo);
    const hasAdvanced = [...appliedTo].some(([accountId, sequence]) => sequence !== earlier.get(accountId));
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

/** The remaining work. */
interface Work {
  pending: Pending;
  /** The sequence up to which to apply the events of each account. */
  targets: Map<string, number>;
  lastInWallet: Map<string, number>;
}

/** Fetches one page of missing events from the wallet. The next round fetches the next page. */
async function fetchMissing(deps: IngestionDeps, work: Work, appliedTo: Sequences): Promise<void> {
  const { consumer, wallet, metrics, logger } = deps;
  const gaps = findGaps(work.pending, work.targets, appliedTo).slice(0, CURSORS_MAX);
  if (gaps.length === 0) return;
  // Fetching may take long, so it is left to another replica or the next start.
  if (deps.signal?.aborted) throw unavailable('the consumer');
  const { events, hasMore } = await wallet.fetchAfterCursors(gaps);
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

/** The progress of accounts before and after an application. */
interface ProgressChange {
  before: Sequences;
  after: Sequences;
}

async function unchangedProgress({ consumer, db }: IngestionDeps, accountIds: string[]): Promise<ProgressChange> {
  const progress = await readProgress(db, consumer.name, accountIds);
  return { before: progress, after: progress };
}

/** Applies all events that follow without a gap and saves the progress, in one transaction. */
async function applyRuns(
  { consumer, db, outbox, metrics }: IngestionDeps,
  pending: Pending,
  accountIds: readonly string[],
): Promise<ProgressChange> {
  const { before, runs, entries } = await db.transaction(async (tx) => {
    const { generation, progress: before } = await lockProgress(tx, consumer.name, accountIds);
    const runs = decideRuns(pending, before);
    const entries = runs.events.length > 0 ? await consumer.apply(tx, runs.events, generation) : [];
    saveProgress(tx, consumer.name, runs.appliedTo);
    return { before, runs, entries };
  });
  outbox.nudge(entries);
  metrics.events.inc({ consumer: consumer.name, outcome: 'applied' }, runs.events.length);
  return { before, after: new Map([...before, ...runs.appliedTo]) };
}

function* eventsOf(pending: Pending): Iterable<AccountEvent> {
  for (const bySequence of pending.values()) yield* bySequence.values();
}

function countMessages(
  { consumer, metrics }: IngestionDeps,
  received: number,
  { pending, targets }: { pending: Pending; targets: Sequences },
  appliedTo: Sequences,
): void {
  let pendingCount = 0;
  for (const bySequence of pending.values()) pendingCount += bySequence.size;
  let unappliedCount = 0;
  for (const [accountId, target] of targets) unappliedCount += target - (appliedTo.get(accountId) ?? 0);
  metrics.events.inc({ consumer: consumer.name, outcome: 'duplicate' }, received - pendingCount);
  metrics.events.inc({ consumer: consumer.name, outcome: 'missing' }, unappliedCount - pendingCount);
}
