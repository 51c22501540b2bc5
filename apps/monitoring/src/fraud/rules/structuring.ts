import { z } from 'zod';
import { amountInWords, durationInWords } from '../in-words';
import { declareRule } from '../rule';
import { count, money, percent, seconds } from '../rule-settings';
import { sumOf, within } from '../window';

export const structuring = declareRule({
  name: 'structuring',
  description: 'A large sum leaves an account in parts, each just below an amount that would draw attention.',
  trigger: 'outgoing',
  settings: z.strictObject({
    limit: money(1_000_00n, 'The amount that would draw attention'),
    below_percent: percent(10, 'How far below the limit still counts as just below it'),
    count_min: count(3, 'Minimum number of such amounts'),
    total_max: money(2_500_00n, 'Largest total of such amounts that still counts as normal'),
    within_seconds: seconds(86_400, 'Period in which such amounts are counted'),
  }),
  detect: ({ outgoing }, current, { limit, below_percent, count_min, total_max, within_seconds }) => {
    const isJustBelow = ({ amount }: { amount: bigint }) =>
      -amount < limit && -amount * 100n >= limit * BigInt(100 - below_percent);
    if (!isJustBelow(current)) return undefined;
    const evidence = within(outgoing, within_seconds, current).filter(isJustBelow);
    const total = sumOf(evidence);
    if (evidence.length < count_min || total <= total_max) return undefined;
    const parts = `${evidence.length} amounts just below ${amountInWords(limit, current)}`;
    const reason = `${parts} went out within ${durationInWords(within_seconds)}, ${amountInWords(total, current)} together`;
    return { reason, evidence };
  },
});
