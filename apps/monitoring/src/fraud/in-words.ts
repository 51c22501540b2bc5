import { formatAmount, type Minor } from '@souk/money';
import type { WatchedEvent } from './window';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A duration in the largest unit that expresses it exactly: `3600` is "1 hour", `90` is "90 seconds". */
export function durationInWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, unitSeconds]) => seconds % unitSeconds === 0) ?? ['second', 1];
  const units = seconds / size;
  return `${units} ${unit}${units === 1 ? '' : 's'}`;
}

/** An amount without its sign, such as "12.50 USD". */
export const amountInWords = (amount: Minor, { currency }: Pick<WatchedEvent, 'currency'>): string =>
  `${formatAmount(amount < 0n ? -amount : amount)} ${currency}`;
