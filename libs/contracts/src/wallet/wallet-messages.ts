import { z } from 'zod';
import { currency, list, moment } from '../declaration/fields';
import { declareMessage, type MessageOf } from '../declaration/message';
import { WALLET_DEMO } from './wallet-fields';
import { paidFor, transactionId, transactionType } from './wallet-schemas';

const entrySchema = z
  .object({
    account_id: z
      .string()
      .meta({ description: 'The account; system accounts have no entry', example: WALLET_DEMO.accountId }),
    sequence: z.number().int().min(1).meta({
      description: 'Position of this event among the events of the account: from 1, without gaps',
      example: 42,
    }),
    amount: z
      .string()
      .regex(/^-?\d+\.\d{2}$/, 'must be an amount such as -12.50')
      .meta({ description: 'The amount that came in; negative if it went out', example: '-12.50' }),
    currency,
  })
  .meta({ id: 'TransactionEntry' });

/** Far more than a transaction has: it involves at most two accounts. */
const ENTRIES_MAX = 1_000;

const shared = {
  transaction_id: transactionId,
  type: transactionType,
  timestamp: moment('When the transaction completed or was refused'),
  ...paidFor,
};

export const transactionCompletedEvent = declareMessage({
  type: 'transactions.completed',
  version: 1,
  summary: 'Money was moved.',
  data: z.object({
    ...shared,
    status: z.literal('completed'),
    reason: z.literal('').meta({ description: 'Always empty' }),
    entries: list(entrySchema, ENTRIES_MAX).meta({ description: 'One for each account involved' }),
  }),
});

export const transactionFailedEvent = declareMessage({
  type: 'transactions.failed',
  version: 1,
  summary: 'A transaction was refused, and no money was moved. This is final.',
  data: z.object({
    ...shared,
    status: z.literal('failed'),
    reason: z.string().min(1).meta({ description: 'The code of the refusal', example: 'INSUFFICIENT_FUNDS' }),
    entries: list(entrySchema, ENTRIES_MAX).meta({
      description: 'One for each account, with the amount that would have come in or gone out',
    }),
  }),
});

/** Everything the exchange `transactions` carries. */
export const TRANSACTION_EVENTS = [transactionCompletedEvent, transactionFailedEvent] as const;
export type TransactionEvent = MessageOf<(typeof TRANSACTION_EVENTS)[number]>;
