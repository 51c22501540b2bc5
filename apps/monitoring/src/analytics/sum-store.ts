import type { Queryable, Transaction } from '@souk/database';
import { chunksOf } from '@souk/service';
import type { AccountHourSum, HourSum } from './hourly-sums';

const STATEMENT_ROWS_MAX = 1_000;

/** SQL that adds the incoming values to a row's columns. */
const addIncoming =
  (table: string, ...columns: string[]) =>
  (incoming: (column: string) => string) =>
    columns.map((column) => `${column} = ${table}.${column} + ${incoming(column)}`).join(', ');

/** Adds sums to the hour rows, which it locks in the order of `sums`. */
export function addHours(tx: Transaction, sums: readonly HourSum[]): void {
  for (const chunk of chunksOf(sums, STATEMENT_ROWS_MAX))
    tx.deferUpsert(
      'analytics_hour (hour, type, status, reason, currency, transactions, volume)',
      chunk.map(({ hour, type, status, reason, currency, transactions, volume }) => [
        hour,
        type,
        status,
        reason,
        currency,
        transactions,
        volume,
      ]),
      addIncoming('analytics_hour', 'transactions', 'volume'),
    );
}

/** Adds sums to the account-hour rows, which it locks in the order of `sums`. */
export function addAccountHours(tx: Transaction, sums: readonly AccountHourSum[]): void {
  for (const chunk of chunksOf(sums, STATEMENT_ROWS_MAX))
    tx.deferUpsert(
      'analytics_account_hour (hour, account_id, currency, transactions, volume_in, volume_out, failed)',
      chunk.map(({ hour, accountId, currency, transactions, volumeIn, volumeOut, failed }) => [
        hour,
        accountId,
        currency,
        transactions,
        volumeIn,
        volumeOut,
        failed,
      ]),
      addIncoming('analytics_account_hour', 'transactions', 'volume_in', 'volume_out', 'failed'),
    );
}

/** Deletes all sums. */
export async function deleteSums(tx: Queryable): Promise<void> {
  await tx.write('DELETE FROM analytics_hour');
  await tx.write('DELETE FROM analytics_account_hour');
}
