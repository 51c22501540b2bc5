import { declareMessage, type TopicExchange } from '@souk/contracts';
import { z } from 'zod';

const entrySchema = z.object({
  account_id: z.string(),
  sequence: z.number().int().min(1),
  amount: z.string(),
  currency: z.string(),
});

const shared = { transaction_id: z.string(), type: z.string(), timestamp: z.string(), entries: z.array(entrySchema) };

export const transactionCompletedEvent = declareMessage({
  type: 'transactions.completed',
  version: 1,
  summary: 'Money was moved.',
  data: z.object({ ...shared, status: z.literal('completed'), reason: z.literal('') }),
});

export const transactionFailedEvent = declareMessage({
  type: 'transactions.failed',
  version: 1,
  summary: 'Money was to be moved, and was not. Final.',
  data: z.object({ ...shared, status: z.literal('failed'), reason: z.string().min(1) }),
});

export const transactionsExchange: TopicExchange = {
  kind: 'topic',
  name: 'transactions',
  summary: 'What became of transactions of the wallet, for whoever watches money.',
  messages: [transactionCompletedEvent, transactionFailedEvent],
};
