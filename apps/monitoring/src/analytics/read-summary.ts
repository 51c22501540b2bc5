import type { TransactionType } from '@souk/contracts';
import type { Database, Queryable } from '@souk/database';
import { CURRENCY, type Minor } from '@souk/money';
import type { AccountEvent } from '../consumer';
import type { SummaryRange } from './summary-range';

/** Transactions of one kind within a bucket. */
export interface KindSum {
  /** The start of the bucket's first hour with such transactions. */
  firstHourMs: number;
  type: TransactionType;
  status: AccountEvent['status'];
  reason: string;
  transactions: number;
  volume: Minor;
}

export interface AccountSum {
  accountId: string;
  transactions: number;
  volumeIn: Minor;
  volumeOut: Minor;
}

export interface Sums {
  kinds: KindSum[];
  /** The accounts with the largest volumes, largest first. */
  accounts: AccountSum[];
}

type Snapshot = Pick<Queryable, 'rows'>;

/** Reads the sums of a range in one consistent snapshot. */
export function readSums(db: Database, range: SummaryRange, accountsMax: number): Promise<Sums> {
  return db.snapshot(async (snapshot) => ({
    kinds: await readKinds(snapshot, range),
    accounts: await readAccounts(snapshot, range, accountsMax),
  }));
}

async function readKinds(snapshot: Snapshot, { from, to, by }: SummaryRange): Promise<KindSum[]> {
  const rows = await snapshot.rows<Omit<KindSum, 'firstHourMs' | 'volume'> & { first_hour: Date; volume: string }>(
    `SELECT MIN(hour) AS first_hour, type, status, reason, SUM(transactions) AS transactions, SUM(volume) AS volume
       FROM analytics_hour
      WHERE hour >= ? AND hour < ? AND currency = ?
      GROUP BY ${by === 'hour' ? 'hour' : 'DATE(hour)'}, type, status, reason
      ORDER BY type, status, reason`,
    [new Date(from), new Date(to), CURRENCY],
  );
  return rows.map(({ first_hour, transactions, volume, ...kind }) => ({
    ...kind,
    firstHourMs: first_hour.getTime(),
    transactions: Number(transactions),
    volume: BigInt(volume),
  }));
}

async function readAccounts(
  snapshot: Snapshot,
  { from, to }: SummaryRange,
  accountsMax: number,
): Promise<AccountSum[]> {
  const rows = await snapshot.rows<
    { account_id: string } & Record<'transactions' | 'volume_in' | 'volume_out', string>
  >(
    `SELECT account_id, SUM(transactions) AS transactions, SUM(volume_in) AS volume_in, SUM(volume_out) AS volume_out
       FROM analytics_account_hour h
      WHERE hour >= ? AND hour < ? AND currency = ?
      GROUP BY account_id
      ORDER BY SUM(h.volume_in + h.volume_out) DESC, account_id
      LIMIT ?`,
    [new Date(from), new Date(to), CURRENCY, accountsMax],
  );
  return rows.map(({ account_id, transactions, volume_in, volume_out }) => ({
    accountId: account_id,
    transactions: Number(transactions),
    volumeIn: BigInt(volume_in),
    volumeOut: BigInt(volume_out),
  }));
}
