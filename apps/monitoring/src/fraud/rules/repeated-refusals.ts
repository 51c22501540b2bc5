import { z } from 'zod';
import { durationInWords } from '../in-words';
import { declareRule } from '../rule';
import { count, seconds } from '../rule-settings';
import { within } from '../window';

export const repeatedRefusals = declareRule({
  name: 'repeated-refusals',
  description: 'Someone repeatedly tries to take money out of an account and is refused.',
  trigger: 'refused',
  settings: z.strictObject({
    count_max: count(4, 'Maximum number of refused outgoing transactions that is normal'),
    within_seconds: seconds(600, 'Period in which they are counted'),
  }),
  detect: ({ refused }, current, { count_max, within_seconds }) => {
    const evidence = within(refused, within_seconds, current);
    if (evidence.length <= count_max) return undefined;
    const reason = `${evidence.length} outgoing transactions were refused within ${durationInWords(within_seconds)}, more than ${count_max}`;
    return { reason, evidence };
  },
});
