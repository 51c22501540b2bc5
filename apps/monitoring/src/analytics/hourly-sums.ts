import type { Currency, Minor } from '@souk/money';
import type { AccountEvent } from '../consumer';

export const HOUR_MS = 3_600_000;

/** Transactions of one kind within an hour. */
export interface HourSum {
  /** The start of the hour. */
  hour: Date;
  type: string;
  status: AccountEvent['status'];
  /** Empty for completed transactions. */
  reason: string;
  currency: Currency;
  transactions: number;
  /** The amount moved; for failed transactions, the amount that would have moved. */
  volume: Minor;
}

/** Transactions of one account within an hour. */
export interface AccountHourSum {
  hour: Date;
  accountId: string;
  currency: Currency;
  /** Includes failed transactions. */
  transactions: number;
  volumeIn: Minor;
  volumeOut: Minor;
  failed: number;
}

/**
 * Sums events per hour and kind, and per hour and account. The sums per kind count only the
 * event of a transaction's first account, those per account count every event. A failed transaction adds nothing to an account's volumes.
 * @returns sums sorted by key, so that all replicas lock their rows in the same order
 */
export function sumByHour(events: readonly AccountEvent[]): { hours: HourSum[]; accountHours: AccountHourSum[] } {
  const hours = new Map<string, HourSum>();
  const accountHours = new Map<string, AccountHourSum>();
  for (const event of events) {
    if (event.isFirst) addToHour(hours, event);
    addToAccountHour(accountHours, event);
  }
  return { hours: sortByKey(hours), accountHours: sortByKey(accountHours) };
}

function addToHour(sums: Map<string, HourSum>, { at, type, status, reason, currency, amount }: AccountEvent): void {
  const kind = { hour: hourOf(at), type, status, reason, currency };
  const sum = findOrAddSum(sums, kind, { transactions: 0, volume: 0n });
  sum.transactions += 1;
  sum.volume += amount < 0n ? -amount : amount;
}

function addToAccountHour(sums: Map<string, AccountHourSum>, event: AccountEvent): void {
  const { at, accountId, currency, amount, status } = event;
  const zero = { transactions: 0, volumeIn: 0n, volumeOut: 0n, failed: 0 };
  const sum = findOrAddSum(sums, { hour: hourOf(at), accountId, currency }, zero);
  sum.transactions += 1;
  if (status === 'failed') sum.failed += 1;
  else if (amount < 0n) sum.volumeOut -= amount;
  else sum.volumeIn += amount;
}

/** @returns the sum for `kind`, which starts as `zero` if it is new */
function findOrAddSum<Kind extends { hour: Date }, Zero extends object>(
  sums: Map<string, Kind & Zero>,
  kind: Kind,
  zero: Zero,
): Kind & Zero {
  const key = JSON.stringify(kind);
  const sum = sums.get(key) ?? { ...kind, ...zero };
  sums.set(key, sum);
  return sum;
}

const sortByKey = <Sum>(sums: Map<string, Sum>): Sum[] =>
  [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);

const hourOf = (moment: Date) => new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
