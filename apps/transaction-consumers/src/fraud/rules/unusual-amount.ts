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
  description: 'An amount goes out that is far above all that went out of the account before.',
  at: 'outgoing',
  settings: z.strictObject({
    history: count(
      20,
      'With how many outgoing amounts before it one is compared; as long as there are fewer, with none',
    ),
    times: times(3, 'How many times the largest of those it is at least'),
    amount_min: money(500_00n, 'Amounts below this are never unusual'),
    within_seconds: seconds(3_600, 'Within which time after one such amount others are part of the same alert'),
  }),
  detect: ({ outgoing }, present, settings) => {
    const amount = -present.amount;
    const history = outgoing.slice(-1 - settings.history, -1);
    if (amount < settings.amount_min || history.length < settings.history) return undefined;
    const largest = history.reduce((max, each) => (-each.amount > max ? -each.amount : max), 0n);
    if (amount < BigInt(settings.times) * largest) return undefined;
    const before = `the largest of the ${history.length} amounts before it was ${amountInWords(largest, present)}`;
    return { reason: `${amountInWords(amount, present)} went out; ${before}`, evidence: [present] };
  },
});
