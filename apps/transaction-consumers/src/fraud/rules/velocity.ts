import { z } from 'zod';
import { durationInWords } from '../in-words';
import { declareRule } from '../rule';
import { count, seconds } from '../rule-settings';
import { within } from '../window';

export const velocity = declareRule({
  name: 'velocity',
  description: 'More money movements out of an account in a short time than a person makes.',
  at: 'outgoing',
  settings: z.strictObject({
    count_max: count(10, 'How many outgoing transactions are nothing unusual; one more is'),
    within_seconds: seconds(60, 'Within which time they are counted'),
  }),
  detect: ({ outgoing }, present, { count_max, within_seconds }) => {
    const evidence = within(outgoing, within_seconds, present);
    if (evidence.length <= count_max) return undefined;
    const reason = `${evidence.length} outgoing transactions within ${durationInWords(within_seconds)}, more than ${count_max}`;
    return { reason, evidence };
  },
});
