import { z } from 'zod';
import { currency, list, moment } from './fields';
import { declareMessage, type MessageOf } from './message';
import { WALLET_DEMO } from './wallet-fields';
import { paidFor, transactionId, transactionType } from './wallet-schemas';

const entrySchema = z
  .object({
    account_id: z
      .string()
      .meta({ description: 'Whose account; that of the system has no entry', example: WALLET_DEMO.accountId }),
    sequence: z
      .number()
      .int()
      .min(1)
      .meta({ description: 'The place of this event among those of the account: from 1, without gaps', example: 42 }),
    amount: z
      .string()
      .regex(/^-?\d+\.\d{2}$/, 'must be an amount such as -12.50')
      .meta({ description: 'What came in; below zero, what went out', example: '-12.50' }),
    currency,
  })
  .meta({ id: 'TransactionEntry' });
export type TransactionEntry = z.infer<typeof entrySchema>;

/** Far more than the two accounts of a transaction. */
const ENTRIES_MAX = 1_000;

const shared = {
  transaction_id: transactionId,
  type: transactionType,
  timestamp: moment('When it was decided'),
  ...paidFor,
};

export const transactionCompletedEvent = declareMessage({
  type: 'transactions.completed',
  version: 1,
  summary: 'Money was moved.',
  data: z.object({
    ...shared,
    status: z.literal('completed'),
    reason: z.literal('').meta({ description: 'Empty: nothing was wrong' }),
    entries: list(entrySchema, ENTRIES_MAX).meta({ description: 'One for each account that took part' }),
  }),
});

export const transactionFailedEvent = declareMessage({
  type: 'transactions.failed',
  version: 1,
  summary: 'Money was to be moved, and was not. Final.',
  data: z.object({
    ...shared,
    status: z.literal('failed'),
    reason: z.string().min(1).meta({ description: 'The code of the refusal', example: 'INSUFFICIENT_FUNDS' }),
    entries: list(entrySchema, ENTRIES_MAX).meta({
      description: 'One for each account, with what would have come in or gone out',
    }),
  }),
});

/** Everything the exchange `transactions` carries. */
export const TRANSACTION_EVENTS = [transactionCompletedEvent, transactionFailedEvent] as const;
export type TransactionEvent = MessageOf<(typeof TRANSACTION_EVENTS)[number]>;
