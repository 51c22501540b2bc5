import { declareMessage, type TopicExchange } from '@souk/contracts';
import { z } from 'zod';

const transactionSchema = z.object({
  transaction_id: z.string(),
  type: z.string(),
  status: z.enum(['completed', 'failed']),
  reason: z.string(),
  entries: z.array(
    z.object({
      account_id: z.string(),
      sequence: z.number().int().min(1),
      amount: z.string(),
      currency: z.string(),
    }),
  ),
  timestamp: z.string(),
});

/** What consumers are told of a transaction, and what table `event` keeps. Amounts are signed, with two decimals. */
export type TransactionPayload = z.infer<typeof transactionSchema>;

export const TRANSACTION_EVENTS = {
  completed: declareMessage({
    type: 'transactions.completed',
    version: 1,
    summary: 'Money moved.',
    data: transactionSchema,
  }),
  failed: declareMessage({
    type: 'transactions.failed',
    version: 1,
    summary: 'A transaction was refused; the entries tell the amounts that were asked for.',
    data: transactionSchema,
  }),
} as const;

export const transactionsExchange: TopicExchange = {
  kind: 'topic',
  name: 'transactions',
  summary: 'What became of every transaction.',
  messages: [TRANSACTION_EVENTS.completed, TRANSACTION_EVENTS.failed],
};
