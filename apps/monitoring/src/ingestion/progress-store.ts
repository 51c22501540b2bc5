import { overwrite, type Database, type Queryable, type Transaction } from '@souk/database';
import { chunksOf } from '@souk/service';
import type { ConsumerName } from '../consumer';

export interface ConsumerState {
  /** No wallet event up to this position is missing. */
  watermark: number;
  /** Incremented by every rebuild. */
  generation: number;
}

/** Maximum number of accounts per statement. */
const STATEMENT_IDS_MAX = 1_000;

interface ProgressRow {
  account_id: string;
  applied_to: number;
}

const toSequences = (accountIds: readonly string[], rows: readonly ProgressRow[]) => {
  const appliedTo = new Map(accountIds.map((accountId) => [accountId, 0]));
  for (const row of rows) appliedTo.set(row.account_id, row.applied_to);
  return appliedTo;
};

/** @returns the current progress of accounts; another replica may advance it before it is locked */
export async function readProgress(
  db: Pick<Queryable, 'rows'>,
  consumer: ConsumerName,
  accountIds: readonly string[],
): Promise<Map<string, number>> {
  const rows: ProgressRow[] = [];
  for (const ids of chunksOf(accountIds, STATEMENT_IDS_MAX)) {
    const sql = 'SELECT account_id, applied_to FROM progress WHERE consumer = ? AND account_id IN (?)';
    rows.push(...(await db.rows<ProgressRow>(sql, [consumer, ids])));
  }
  return toSequences(accountIds, rows);
}

interface LockedProgress extends Pick<ConsumerState, 'generation'> {
  progress: Map<string, number>;
}

/**
 * Locks the progress of accounts until the transaction ends: first that of known accounts, then that of new ones, each sorted. A
 * deadlock is possible only while another replica adds the same accounts; then the transaction runs again. A rebuild that
 * deletes derived data waits for this transaction, or this transaction waits for it.
 */
export async function lockProgress(
  tx: Transaction,
  consumer: ConsumerName,
  accountIds: readonly string[],
): Promise<LockedProgress> {
  const sorted = [...accountIds].sort();
  const select = (ids: readonly string[]) =>
    tx.rows<ProgressRow>(
      'SELECT account_id, applied_to FROM progress FORCE INDEX (PRIMARY) WHERE consumer = ? AND account_id IN (?) FOR UPDATE',
      [consumer, ids],
    );
  const [states, rows] = await Promise.all([
    tx.rows<Pick<ConsumerState, 'generation'>>(
      'SELECT generation FROM consumer_state WHERE consumer = ? LOCK IN SHARE MODE',
      [consumer],
    ),
    select(sorted),
  ]);
  const generation = Number(states[0]!.generation);
  const progress = toSequences(sorted, rows);
  const found = new Set(rows.map((row) => row.account_id));
  const newIds = sorted.filter((accountId) => !found.has(accountId));
  if (newIds.length === 0) return { generation, progress };
  // Not INSERT IGNORE: it takes a shared lock on an existing row, and two transactions would deadlock when they upgrade it.
  tx.defer(
    'INSERT INTO progress (consumer, account_id, applied_to) VALUES ? ON DUPLICATE KEY UPDATE account_id = progress.account_id',
    [newIds.map((accountId) => [consumer, accountId, 0])],
  );
  return { generation, progress: new Map([...progress, ...toSequences(newIds, await select(newIds))]) };
}

/** Saves the progress of accounts. The transaction must hold the locks on their rows. */
export function saveProgress(tx: Transaction, consumer: ConsumerName, appliedTo: ReadonlyMap<string, number>): void {
  if (appliedTo.size === 0) return;
  tx.deferUpsert(
    'progress (consumer, account_id, applied_to)',
    [...appliedTo].map(([accountId, sequence]) => [consumer, accountId, sequence]),
    (incoming) => `${overwrite('applied_to')(incoming)}, updated_at = NOW(3)`,
  );
}

export async function readState(db: Pick<Queryable, 'rows'>, consumer: ConsumerName): Promise<ConsumerState> {
  const [state] = await db.rows<ConsumerState>(
    'SELECT watermark_position AS watermark, generation FROM consumer_state WHERE consumer = ?',
    [consumer],
  );
  if (!state) throw new Error(`there is no consumer ${consumer}`);
  return state;
}

/** Moves the watermark up, unless a rebuild has deleted the derived data since `generation`. */
export async function moveWatermark(
  db: Queryable,
  consumer: ConsumerName,
  { watermark, generation }: ConsumerState,
): Promise<void> {
  await db.write(
    `UPDATE consumer_state SET watermark_position = ?, updated_at = NOW(3)
      WHERE consumer = ? AND generation = ? AND watermark_position < ?`,
    [watermark, consumer, generation, watermark],
  );
}

/**
 * Deletes derived data and progress in one transaction that locks the consumer exclusively. Replicas wait for it, so no event is
 * applied to half-deleted data. If it fails, nothing changes.
 * @param forget deletes the derived data
 */
export async function forgetProgress(
  db: Database,
  consumer: ConsumerName,
  forget: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.rows('SELECT generation FROM consumer_state WHERE consumer = ? FOR UPDATE', [consumer]);
    await forget(tx);
    await tx.write('DELETE FROM progress WHERE consumer = ?', [consumer]);
    await tx.write(
      `UPDATE consumer_state SET watermark_position = 0, generation = generation + 1, updated_at = NOW(3)
        WHERE consumer = ?`,
      [consumer],
    );
  });
}
