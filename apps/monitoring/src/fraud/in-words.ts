import { formatAmount, type Minor } from '@souk/money';
import type { WatchedEvent } from './window';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A duration in the largest unit that expresses it exactly: `3600` is "1 hour", `90` is "90 seconds". */
export function durationInWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  const units = seconds / size;
  return `${units} ${unit}${units === 1 ? '' : 's'}`;
}

/** An amount without its sign, such as "12.50 USD". */
export const amountInWords = (amount: Minor, { currency }: Pick<WatchedEvent, 'currency'>): string =>
  `${formatAmount(amount < 0n ? -amount : amount)} ${currency}`;

/** The total amount of events, without its sign. */
export function sumOf(events: readonly Pick<WatchedEvent, 'amount'>[]): Minor {
  const sum = events.reduce((total, { amount }) => total + amount, 0n);
  return sum < 0n ? -sum : sum;
}
