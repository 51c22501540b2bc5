import type { AlertList } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import { listAlerts, type AlertCursor } from './alert-store';

interface AlertQuery {
  accountId: string;
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

type AlertsResult = ({ ok: true } & AlertList) | { ok: false; code: 'INVALID_CURSOR' };

/** A cursor identifies the last alert of its page by the sequence of its event and its rule. */
const CURSOR = /^([1-9]\d{0,14})\.([a-z][a-z-]{0,49})$/;

/** The form of an account id. A query for any other text would fail in the database, so none is made. */
const ACCOUNT_ID = /^[\x20-\x7e]+$/;

/**
 * The alerts of an account, newest first. Alerts raised in the meantime don't shift later pages.
 * @returns the alerts and the `after` of the next page, `null` on the last page; or INVALID_CURSOR
 * @throws AppError `unavailable`
 */
export async function readAlerts(db: Queryable, { accountId, after, limit }: AlertQuery): Promise<AlertsResult> {
  const cursor = after === undefined ? undefined : parseCursor(after);
  if (after !== undefined && !cursor) return { ok: false, code: 'INVALID_CURSOR' };
  if (!ACCOUNT_ID.test(accountId)) return { ok: true, items: [], next: null };
  // The extra row shows whether there is another page.
  const stored = await listAlerts(db, accountId, cursor, limit + 1);
  const items = stored.slice(0, limit);
  const last = items.at(-1);
  const next = stored.length > limit && last ? `${last.sequence}.${last.alert.rule}` : null;
  return { ok: true, items: items.map(({ alert }) => alert), next };
}

function parseCursor(text: string): AlertCursor | undefined {
  const [, sequence, rule] = CURSOR.exec(text) ?? [];
  return sequence === undefined || rule === undefined ? undefined : { sequence: Number(sequence), rule };
}
