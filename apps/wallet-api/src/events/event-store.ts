import type { TransactionEvent } from '@souk/contracts';
import type { Queryable } from '@souk/database';

/** A stored event; `data` is the data of its message. */
export interface StoredEvent {
  position: number;
  id: string;
  type: string;
  data: TransactionEvent['data'];
}

interface Cursor {
  accountId: string;
  after: number;
}

interface Head {
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
const SAFE_AFTER_S = 120;

// MariaDB returns JSON as text, MySQL returns it parsed.
const parseJson = (json: unknown): unknown => (typeof json === 'string' ? JSON.parse(json) : json);

const toStoredEvent = ({ payload, ...row }: EventRow): StoredEvent => ({
  ...row,
  data: parseJson(payload) as StoredEvent['data'],
});

/** @returns the events after each cursor, without gaps within an account, and whether there are more of them beyond the limit */
export async function readEventsAfter(
  db: Reader,
  cursors: readonly Cursor[],
  limit: number,
): Promise<{ events: StoredEvent[]; hasMore: boolean }> {
  if (cursors.length === 0) return { events: [], hasMore: false };
  // In primary key order, so that the engine reads key ranges until it reaches the limit and sorts nothing.
  const entryRows = await db.rows<{ event_id: string }>(
    `SELECT event_id FROM event_entry WHERE ${cursors.map(() => '(account_id = ? AND sequence > ?)').join(' OR ')}
      ORDER BY account_id, sequence LIMIT ?`,
    [...cursors.flatMap(({ accountId, after }) => [accountId, after]), limit + 1],
  );
  const ids = [...new Set(entryRows.slice(0, limit).map((row) => row.event_id))];
  if (ids.length === 0) return { events: [], hasMore: false };
  // Sorted here because no index has this order. An account's sequences ascend with positions: its transactions lock its wallet.
  const rows = await db.rows<EventRow>('SELECT position, id, type, payload FROM event WHERE id IN (?)', [ids]);
  return { events: rows.map(toStoredEvent).sort((a, b) => a.position - b.position), hasMore: entryRows.length > limit };
}

/** @returns the events after a position, in order of position, and the last position of all events */
export async function readEventsFrom(
  db: Reader,
  afterPosition: number,
  limit: number,
): Promise<{ events: StoredEvent[]; lastPosition: number }> {
  const rows = await db.rows<EventRow>(
    'SELECT position, id, type, payload FROM event WHERE position > ? ORDER BY position LIMIT ?',
    [afterPosition, limit],
  );
  const [lastRow] = await db.rows<{ position: number | null }>('SELECT MAX(position) AS position FROM event');
  return { events: rows.map(toStoredEvent), lastPosition: lastRow?.position ?? 0 };
}

interface HeadsPage {
  heads: Head[];
  nextPosition: number;
  isEnd: boolean;
  safePosition: number;
}

/** @returns the highest sequence of each account in the events after a position */
export async function readHeads(db: Reader, afterPosition: number, limit: number): Promise<HeadsPage> {
  const rows = await db.rows<{ position: number; account_ids: unknown; sequences: unknown; is_safe: number }>(
    `SELECT position, JSON_EXTRACT(payload, '$.entries[*].account_id') AS account_ids,
            JSON_EXTRACT(payload, '$.entries[*].sequence') AS sequences,
            created_at < NOW(3) - INTERVAL ? SECOND AS is_safe
       FROM event WHERE position > ? ORDER BY position LIMIT ?`,
    [SAFE_AFTER_S, afterPosition, limit],
  );
  const heads = new Map<string, number>();
  for (const row of rows) {
    const sequences = parseJson(row.sequences) as number[] | null;
    (parseJson(row.account_ids) as string[] | null)?.forEach((accountId, index) =>
      heads.set(accountId, Math.max(heads.get(accountId) ?? 0, sequences![index]!)),
    );
  }
  const firstUnsafe = rows.findIndex((row) => row.is_safe !== 1);
  const safeRows = firstUnsafe === -1 ? rows : rows.slice(0, firstUnsafe);
  return {
    heads: [...heads].map(([accountId, sequence]) => ({ accountId, sequence })),
    nextPosition: rows.at(-1)?.position ?? afterPosition,
    isEnd: rows.length < limit,
    safePosition: safeRows.at(-1)?.position ?? afterPosition,
  };
}
