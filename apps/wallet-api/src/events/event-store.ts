import type { TransactionEvent } from '@souk/contracts';
import type { Queryable } from '@souk/database';

/** A stored event; `data` is the data of its message. */
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
 * Once an event is this old, no further event can appear at a position before it. An event takes its position within its
 * transaction, after its `created_at` is read, and timeouts end each transaction of the wallet within seconds.
 */
const SETTLED_AFTER_S = 120;

// MariaDB returns JSON as text, MySQL returns it parsed.
const parsed = (json: unknown): unknown => (typeof json === 'string' ? JSON.parse(json) : json);

const toKept = ({ payload, ...row }: EventRow): KeptEvent => ({
  ...row,
  data: parsed(payload) as KeptEvent['data'],
});

/** @returns the events after each cursor, without gaps within an account, and whether the limit cut them short */
export async function readEventsAfter(
  db: Reader,
  cursors: readonly Cursor[],
  limit: number,
): Promise<{ events: KeptEvent[]; hasMore: boolean }> {
  if (cursors.length === 0) return { events: [], hasMore: false };
  // In primary key order, so that the engine reads key ranges until it reaches the limit and sorts nothing.
  const found = await db.rows<{ event_id: string }>(
    `SELECT event_id FROM event_entry WHERE ${cursors.map(() => '(account_id = ? AND sequence > ?)').join(' OR ')}
      ORDER BY account_id, sequence LIMIT ?`,
    [...cursors.flatMap(({ accountId, after }) => [accountId, after]), limit + 1],
  );
  const ids = [...new Set(found.slice(0, limit).map((row) => row.event_id))];
  if (ids.length === 0) return { events: [], hasMore: false };
  // Sorted here because no index has this order. An account's sequences ascend with positions: its transactions lock its wallet.
  const rows = await db.rows<EventRow>('SELECT position, id, type, payload FROM event WHERE id IN (?)', [ids]);
  return { events: rows.map(toKept).sort((a, b) => a.position - b.position), hasMore: found.length > limit };
}

/** @returns the events after a position, in order of position, and the last position of all events */
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

/** @returns the highest sequence of each account in the events after a position */
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
