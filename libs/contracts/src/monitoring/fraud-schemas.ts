import { z } from 'zod';
import { currency, list, moment } from '../declaration/fields';
import { next } from '../declaration/paging';
import { signedAmount, WALLET_DEMO } from '../wallet/wallet-fields';
import { transactionId, transactionType } from '../wallet/wallet-schemas';

/** Far more events than any rule looks at. */
const EVIDENCE_MAX = 1_000;

const alertEventSchema = z
  .object({
    transaction_id: transactionId,
    sequence: z
      .number()
      .int()
      .min(1)
      .meta({ description: 'Position of this event among the events of the account', example: 42 }),
    type: transactionType,
    amount: signedAmount(
      'The amount that came in; negative if it went out. For a refused transaction, the amount that would have moved',
      '-900.00',
    ),
    currency,
    timestamp: moment('When the transaction completed or was refused'),
  })
  .meta({ id: 'AlertEvent' });
export type AlertEvent = z.infer<typeof alertEventSchema>;

export const alertSchema = z
  .object({
    id: z.string().meta({
      description:
        'The alert. The id is derived from the account, the rule and the event, so it stays the same after a rebuild',
      example: '5f1d9a3e-8c47-8b02-9a6e-2f64d1c0b7e3',
    }),
    account_id: z.string().meta({ description: 'The account that the alert is about', example: WALLET_DEMO.accountId }),
    rule: z
      .string()
      .meta({ description: 'The name of the rule, as in docs/fraud-rules.md', example: 'unusual-amount' }),
    reason: z.string().meta({
      description: 'Human-readable description of what the rule found',
      example: '900.00 USD went out; the largest of the 20 amounts before it was 40.00 USD',
    }),
    created_at: moment('When the event that completed the evidence happened'),
    events: list(alertEventSchema, EVIDENCE_MAX, 1).meta({
      description: 'The evidence, oldest first; the last event triggered the alert',
    }),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof alertSchema>;

export const alertListSchema = z.object({ items: z.array(alertSchema), next }).meta({ id: 'AlertList' });
export type AlertList = z.infer<typeof alertListSchema>;

/** The alert in the examples. */
export const ALERT_EXAMPLE: Alert = {
  id: '5f1d9a3e-8c47-8b02-9a6e-2f64d1c0b7e3',
  account_id: WALLET_DEMO.accountId,
  rule: 'unusual-amount',
  reason: '900.00 USD went out; the largest of the 20 amounts before it was 40.00 USD',
  created_at: '2026-01-31T12:00:00.000Z',
  events: [
    {
      transaction_id: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d',
      sequence: 42,
      type: 'transfer',
      amount: '-900.00',
      currency: 'USD',
      timestamp: '2026-01-31T12:00:00.000Z',
    },
  ],
};
