import type { AlertList } from '@souk/contracts';
import type { Queryable } from '@souk/database';
import { listAlerts, type AlertPlace } from './alert-store';

interface AlertQuery {
  accountId: string;
  /** The `next` of the previous page. */
  after?: string | undefined;
  limit: number;
}

type AlertsResult = ({ ok: true } & AlertList) | { ok: false; code: 'INVALID_CURSOR' };

/** A cursor is the place of the last alert on its page: the sequence of the event and the rule. */
const CURSOR = /^([1-9]\d{0,14})\.([a-z][a-z-]{0,49})$/;

/** A possible account id. The engine answers any other with an error, so it isn't queried for those. */
const ACCOUNT_ID = /^[\x20-\x7e]+$/;

/**
 * The alerts of an account, newest first. Alerts raised in the meantime don't shift later pages.
 * @returns the alerts and the `after` of the next page, `null` on the last page; or INVALID_CURSOR
 * @throws AppError `unavailable`
 */
export async function readAlerts(db: Queryable, { accountId, after, limit }: AlertQuery): Promise<AlertsResult> {
  const place = after === undefined ? undefined : placeOf(after);
  if (after !== undefined && !place) return { ok: false, code: 'INVALID_CURSOR' };
  if (!ACCOUNT_ID.test(accountId)) return { ok: true, items: [], next: null };
  // One extra row tells whether there is another page.
  const stored = await listAlerts(db, accountId, place, limit + 1);
  const items = stored.slice(0, limit);
  const last = items.at(-1);
  const next = stored.length > limit && last ? `${last.sequence}.${last.alert.rule}` : null;
  return { ok: true, items: items.map(({ alert }) => alert), next };
}

function placeOf(cursor: string): AlertPlace | undefined {
  const [, sequence, rule] = CURSOR.exec(cursor) ?? [];
  return sequence === undefined || rule === undefined ? undefined : { sequence: Number(sequence), rule };
}
