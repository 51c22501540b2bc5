import { z } from 'zod';
import { amountInWords } from '../in-words';
import { declareRule } from '../rule';
import { count, money, seconds, times } from '../rule-settings';

/*
 * Compares with the largest amount, not the average: someone who pays for lunch daily and rent monthly shouldn't raise an alert
 * every month.
 */
export const unusualAmount = declareRule({
  name: 'unusual-amount',
  description: 'An outgoing amount is far larger than any recent one of the account.',
  trigger: 'outgoing',
  settings: z.strictObject({
    history: count(20, 'Number of previous outgoing amounts to compare with; with fewer, no amount is unusual'),
    times: times(3, 'Minimum multiple of the largest of them that is unusual'),
    amount_min: money(500_00n, 'Amounts below this are never unusual'),
    within_seconds: seconds(3_600, 'Period after an unusual amount in which another one raises no new alert'),
  }),
  detect: ({ outgoing }, current, settings) => {
    const amount = -current.amount;
    const history = outgoing.slice(-1 - settings.history, -1);
    if (amount < settings.amount_min || history.length < settings.history) return undefined;
    const largest = history.reduce((max, { amount: previous }) => (-previous > max ? -previous : max), 0n);
    if (amount < BigInt(settings.times) * largest) return undefined;
    const before = `the largest of the ${history.length} amounts before it was ${amountInWords(largest, current)}`;
    return { reason: `${amountInWords(amount, current)} went out; ${before}`, evidence: [current] };
  },
});
