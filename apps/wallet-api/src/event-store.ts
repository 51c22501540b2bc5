import type { TransactionEvent } from '@souk/contracts';
import type { Queryable } from '@souk/database';

/** An event as it is kept; `data` is what its message carries. */
export interface KeptEvent {
  position: number;
  id: string;
  type: string;
  data: TransactionEvent['data'];
}

export interface Cursor {
  accountId: string;
  after: number;
}

export interface Head {
  accountId: string;
  sequence: number;
}

type Reader = Pick<Queryable, 'rows'>;

interface EventRow {
  position: number;
  id: string;
  type: string;
  payload: unknown;
}

/**
 * An event that is seen this much later has no other one still on its way to a position before it. Time-outs end a transaction of
 * the wallet within seconds, and an event takes its position in there, after its `created_at` was read.
 */
const SETTLED_AFTER_S = 120;

// MariaDB gives JSON back as text, MySQL parsed.
const parsed = (json: unknown): unknown => (typeof json === 'string' ? JSON.parse(json) : json);

const toKept = ({ payload, ...row }: EventRow): KeptEvent => ({
  ...row,
  data: parsed(payload) as KeptEvent['data'],
});

/** @returns the events that follow each cursor, without gaps for each account, and whether the limit cut them short */
export async function readEventsAfter(
  db: Reader,
  cursors: readonly Cursor[],
  limit: number,
): Promise<{ events: KeptEvent[]; hasMore: boolean }> {
  if (cursors.length === 0) return { events: [], hasMore: false };
  // In the order of the primary key: ranges of it are walked until the limit is reached, and nothing is sorted.
  const found = await db.rows<{ event_id: string }>(
    `SELECT event_id FROM event_entry WHERE ${cursors.map(() => '(account_id = ? AND sequence > ?)').join(' OR ')}
      ORDER BY account_id, sequence LIMIT ?`,
    [...cursors.flatMap(({ accountId, after }) => [accountId, after]), limit + 1],
  );
  const ids = [...new Set(found.slice(0, limit).map((row) => row.event_id))];
  if (ids.length === 0) return { events: [], hasMore: false };
  // Sorted here: no index has this order. Sequences of an account ascend with positions, since its transactions lock its wallet.
  const rows = await db.rows<EventRow>('SELECT position, id, type, payload FROM event WHERE id IN (?)', [ids]);
  return { events: rows.map(toKept).sort((a, b) => a.position - b.position), hasMore: found.length > limit };
}

/** @returns the events behind a position, in the order of positions, and the last position there is */
export async function readEventsFrom(
  db: Reader,
  afterPosition: number,
  limit: number,
): Promise<{ events: KeptEvent[]; lastPosition: number }> {
  const rows = await db.rows<EventRow>(
    'SELECT position, id, type, payload FROM event WHERE position > ? ORDER BY position LIMIT ?',
    [afterPosition, limit],
  );
  const [last] = await db.rows<{ position: number | null }>('SELECT MAX(position) AS position FROM event');
  return { events: rows.map(toKept), lastPosition: last?.position ?? 0 };
}

export interface HeadsPage {
  heads: Head[];
  nextPosition: number;
  isEnd: boolean;
  safePosition: number;
}

/** @returns the highest sequence of each account that the events behind a position name */
export async function readHeads(db: Reader, afterPosition: number, limit: number): Promise<HeadsPage> {
  const rows = await db.rows<{ position: number; named: unknown; sequences: unknown; is_settled: number }>(
    `SELECT position, JSON_EXTRACT(payload, '$.entries[*].account_id') AS named,
            JSON_EXTRACT(payload, '$.entries[*].sequence') AS sequences,
            created_at < NOW(3) - INTERVAL ? SECOND AS is_settled
       FROM event WHERE position > ? ORDER BY position LIMIT ?`,
    [SETTLED_AFTER_S, afterPosition, limit],
  );
  const heads = new Map<string, number>();
  for (const { named, sequences } of rows) {
    const ofEvent = parsed(sequences) as number[] | null;
    (parsed(named) as string[] | null)?.forEach((accountId, index) =>
      heads.set(accountId, Math.max(heads.get(accountId) ?? 0, ofEvent![index]!)),
    );
  }
  const firstUnsettled = rows.findIndex((row) => row.is_settled !== 1);
  const settled = firstUnsettled === -1 ? rows : rows.slice(0, firstUnsettled);
  return {
    heads: [...heads].map(([accountId, sequence]) => ({ accountId, sequence })),
    nextPosition: rows.at(-1)?.position ?? afterPosition,
    isEnd: rows.length < limit,
    safePosition: settled.at(-1)?.position ?? afterPosition,
  };
}
