import { z } from 'zod';
import { durationInWords } from '../in-words';
import { declareRule } from '../rule';
import { count, seconds } from '../rule-settings';
import { within } from '../window';

export const velocity = declareRule({
  name: 'velocity',
  description: 'An account makes more outgoing transactions in a short time than a person would.',
  trigger: 'outgoing',
  settings: z.strictObject({
    count_max: count(10, 'Maximum number of outgoing transactions that is normal'),
    within_seconds: seconds(60, 'Period in which they are counted'),
  }),
  detect: ({ outgoing }, current, { count_max, within_seconds }) => {
    const evidence = within(outgoing, within_seconds, current);
    if (evidence.length <= count_max) return undefined;
    const reason = `${evidence.length} outgoing transactions within ${durationInWords(within_seconds)}, more than ${count_max}`;
    return { reason, evidence };
  },
});
