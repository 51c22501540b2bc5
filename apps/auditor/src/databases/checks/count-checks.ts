import type { Schemas } from '../../schemas';
import type { Check } from '../check';
import { entriesOf } from './ledger-json';

/** A row involves every transaction of its hour, so a page is only a day. */
const walks = { schema: 'monitoring', table: 'analytics_hour', key: 'hour', pageKeys: 24 } as const;

const hourOf = (column: string) => `DATE_FORMAT(${column}, '%Y-%m-%d %H:00:00')`;

/**
 * Ledger events with the entries that analytics has applied: the first entries, by which transactions are counted, or all of
 * them. A transaction belongs to the hour in which it was created.
 */
const applied = ({ monitoring, wallet }: Schemas, entries: '$.entries[*]' | '$.entries[0]') => `
        ${wallet}.transaction t
        JOIN ${wallet}.event e ON e.transaction_id = t.id
        JOIN ${entriesOf(entries)} x ON TRUE
        JOIN ${monitoring}.progress p ON p.consumer = 'analytics' AND p.account_id = x.account_id AND p.applied_to >= x.sequence`;

const IS_ON_THIS_PAGE = 't.created_at >= :first AND t.created_at < CAST(:last AS DATETIME) + INTERVAL 1 HOUR';

/** Promises about analytics: it has counted every event up to its progress. */
export const countChecks: Check[] = [
  {
    name: 'counted-in-its-hour',
    promise: 'a transaction that analytics has applied is counted in its hour',
    reads: ['monitoring', 'wallet'],
    walks: { schema: 'wallet', table: 'transaction', key: 'id' },
    broken: (schemas) => `
      SELECT t.id, t.created_at, t.type, t.status, t.reason, x.currency
        FROM ${applied(schemas, '$.entries[0]')}
        LEFT JOIN ${schemas.monitoring}.analytics_hour h
          ON h.hour = CAST(${hourOf('t.created_at')} AS DATETIME) AND h.type = t.type AND h.status = t.status
         AND h.reason = t.reason AND h.currency = x.currency
       WHERE t.id BETWEEN :first AND :last AND h.hour IS NULL`,
  },
  {
    name: 'hours-as-the-ledger-says',
    promise: 'the counts and volumes of an hour in analytics match the transactions that it has applied',
    reads: ['monitoring', 'wallet'],
    walks,
    broken: (schemas) => `
      SELECT id, type, status, reason, currency, SUM(counted) AS transactions, SUM(recorded) AS transactions_in_ledger,
             SUM(counted_volume) AS volume, SUM(recorded_volume) AS volume_in_ledger
        FROM (SELECT ${hourOf('h.hour')} AS id, h.type, h.status, h.reason, h.currency,
                     h.transactions AS counted, h.volume AS counted_volume, 0 AS recorded, 0 AS recorded_volume
                FROM ${schemas.monitoring}.analytics_hour h
               WHERE h.hour BETWEEN :first AND :last
               UNION ALL
              SELECT ${hourOf('t.created_at')}, t.type, t.status, t.reason, x.currency,
                     0, 0, COUNT(*), CAST(SUM(ABS(x.amount)) * 100 AS DECIMAL(65, 0))
                FROM ${applied(schemas, '$.entries[0]')}
               WHERE ${IS_ON_THIS_PAGE}
               GROUP BY 1, 2, 3, 4, 5) compared
       GROUP BY id, type, status, reason, currency
      HAVING SUM(counted) <> SUM(recorded) OR SUM(counted_volume) <> SUM(recorded_volume)`,
  },
  {
    name: 'account-hours-as-the-ledger-says',
    promise: 'the counts and volumes of an account and hour in analytics match the transactions that it has applied',
    reads: ['monitoring', 'wallet'],
    walks,
    broken: (schemas) => `
      SELECT id, account_id, currency, SUM(counted) AS transactions, SUM(recorded) AS transactions_in_ledger,
             SUM(counted_failed) AS failed, SUM(recorded_failed) AS failed_in_ledger, SUM(counted_in) AS volume_in,
             SUM(recorded_in) AS volume_in_by_ledger, SUM(counted_out) AS volume_out, SUM(recorded_out) AS volume_out_by_ledger
        FROM (SELECT ${hourOf('h.hour')} AS id, h.account_id, h.currency,
                     h.transactions AS counted, h.failed AS counted_failed, h.volume_in AS counted_in, h.volume_out AS counted_out,
                     0 AS recorded, 0 AS recorded_failed, 0 AS recorded_in, 0 AS recorded_out
                FROM ${schemas.monitoring}.analytics_account_hour h
               WHERE h.hour BETWEEN :first AND :last
               UNION ALL
              SELECT ${hourOf('t.created_at')}, x.account_id, x.currency, 0, 0, 0, 0, COUNT(*), SUM(t.status = 'failed'),
                     CAST(SUM(IF(t.status = 'completed', GREATEST(x.amount, 0), 0)) * 100 AS DECIMAL(65, 0)),
                     CAST(SUM(IF(t.status = 'completed', GREATEST(-x.amount, 0), 0)) * 100 AS DECIMAL(65, 0))
                FROM ${applied(schemas, '$.entries[*]')}
               WHERE ${IS_ON_THIS_PAGE}
               GROUP BY 1, 2, 3) compared
       GROUP BY id, account_id, currency
      HAVING SUM(counted) <> SUM(recorded) OR SUM(counted_failed) <> SUM(recorded_failed)
          OR SUM(counted_in) <> SUM(recorded_in) OR SUM(counted_out) <> SUM(recorded_out)`,
  },
];
