import { z } from 'zod';
import { amountInWords, durationInWords, sumOf } from '../in-words';
import { declareRule } from '../rule';
import { count, money, percent, seconds } from '../rule-settings';
import { within } from '../window';

export const structuring = declareRule({
  name: 'structuring',
  description: 'A large sum leaves an account in parts, each of them just below an amount that would be looked at.',
  at: 'outgoing',
  settings: z.strictObject({
    limit: money(1_000_00n, 'The amount that would be looked at'),
    below_percent: percent(10, 'How far below the limit is just below it'),
    count_min: count(3, 'How many such amounts there are at least'),
    total_max: money(2_500_00n, 'What they may add up to; more is unusual'),
    within_seconds: seconds(86_400, 'Within which time they are counted'),
  }),
  detect: ({ outgoing }, present, { limit, below_percent, count_min, total_max, within_seconds }) => {
    const isJustBelow = ({ amount }: { amount: bigint }) =>
      -amount < limit && -amount * 100n >= limit * BigInt(100 - below_percent);
    if (!isJustBelow(present)) return undefined;
    const evidence = within(outgoing, within_seconds, present).filter(isJustBelow);
    const total = sumOf(evidence);
    if (evidence.length < count_min || total <= total_max) return undefined;
    const parts = `${evidence.length} amounts just below ${amountInWords(limit, present)}`;
    const reason = `${parts} went out within ${durationInWords(within_seconds)}, ${amountInWords(total, present)} together`;
    return { reason, evidence };
  },
});
