import { z } from 'zod';
import { amount, currency, integerParameter, moment } from './fields';
import { momentOrDateParameter } from './moment-parameter';
import { declareRoute } from './route';
import { readFailures } from './wallet-failures';
import { WALLET_DEMO } from './wallet-fields';
import { transactionType } from './wallet-schemas';

/** Maximum number of buckets in a summary. */
export const SUMMARY_BUCKETS_MAX = 1_000;

const count = (description: string) => z.number().int().min(0).meta({ description, example: 42 });
const transactions = count('Transactions, failed ones included');

const totals = {
  transactions,
  completed: count('Transactions that moved money'),
  failed: count('Transactions that moved nothing'),
  volume: amount('What the completed ones moved', '1250.00'),
};

const bucketSchema = z
  .object({
    from: moment('Its beginning, inclusive'),
    to: moment('Its end, exclusive'),
    ...totals,
    by_type: z
      .array(
        z.object({
          type: transactionType,
          status: z.enum(['completed', 'failed']).meta({ description: 'A failed one moved nothing' }),
          transactions: count('Transactions of this type that ended so'),
          volume: amount('What they moved; failed ones, what they would have', '1250.00'),
        }),
      )
      .meta({ description: 'Empty where nothing happened' }),
  })
  .meta({ id: 'AnalyticsBucket' });

export const analyticsSummarySchema = z
  .object({
    from: moment('The beginning of what is covered, inclusive: a whole hour'),
    to: moment('Its end, exclusive: a whole hour'),
    by: z.enum(['hour', 'day']),
    currency,
    totals: z.object(totals),
    buckets: z.array(bucketSchema).meta({
      description: 'One after the other without gaps, oldest first, those in which nothing happened included',
    }),
    top_accounts: z
      .array(
        z.object({
          account_id: z.string().meta({ description: 'The account', example: WALLET_DEMO.accountId }),
          transactions,
          volume_in: amount('What came in', '1250.00'),
          volume_out: amount('What went out', '1000.00'),
        }),
      )
      .meta({ description: 'Those with the most money in and out together, most first' }),
    failure_reasons: z
      .array(
        z.object({
          reason: z.string().meta({ description: 'The code of the refusal', example: 'INSUFFICIENT_FUNDS' }),
          transactions: count('Transactions that failed for it'),
          volume: amount('What they would have moved', '1250.00'),
        }),
      )
      .meta({ description: 'The most frequent first' }),
    lag_events: count(
      'Events of accounts that happened before this was asked for and may not be counted in it; at 0, all are. Null where that is not known',
    ).nullable(),
  })
  .meta({ id: 'AnalyticsSummary' });
export type AnalyticsSummary = z.infer<typeof analyticsSummarySchema>;

export const getAnalyticsSummaryRoute = declareRoute({
  operationId: 'getAnalyticsSummary',
  method: 'get',
  path: '/analytics/summary',
  tag: 'Analytics',
  summary: 'What was moved, by hour or by day, with what failed and who moved most',
  description:
    'Counts are kept by the whole hour in UTC, so `from` and `to` must be whole hours; other moments are 422. Without `to` the ' +
    `current hour is included. Days are UTC days; the first and the last may be partial. At most ${SUMMARY_BUCKETS_MAX} ` +
    'hours or days at once.',
  query: z.object({
    from: momentOrDateParameter(
      'The beginning, inclusive; 7 days before `to` where it is not given',
      '2026-01-01',
    ).optional(),
    to: momentOrDateParameter('The end, exclusive; now where it is not given', '2026-02-01').optional(),
    by: z
      .enum(['hour', 'day'], 'must be given once, as hour or day')
      .default('day')
      .meta({ description: 'How long a bucket is' }),
    top: integerParameter(1, 100, 10, 'How many accounts'),
  }),
  responses: {
    200: { description: 'What happened', body: analyticsSummarySchema },
    ...readFailures(),
  },
});
