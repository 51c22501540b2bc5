import { z } from 'zod';
import { amount, currency, integerParameter, moment } from '../declaration/fields';
import { momentOrDateParameter } from '../declaration/moment-parameter';
import { declareRoute } from '../declaration/route';
import { readFailures } from '../wallet/wallet-failures';
import { WALLET_DEMO } from '../wallet/wallet-fields';
import { transactionType } from '../wallet/wallet-schemas';

/** Maximum number of buckets in a summary. */
export const SUMMARY_BUCKETS_MAX = 1_000;

const count = (description: string) => z.number().int().min(0).meta({ description, example: 42 });
const transactions = count('Transactions, including failed ones');

const totals = {
  transactions,
  completed: count('Transactions that moved money'),
  failed: count('Transactions that moved nothing'),
  volume: amount('Total amount that the completed transactions moved', '1250.00'),
};

const bucketSchema = z
  .object({
    from: moment('Start, inclusive'),
    to: moment('End, exclusive'),
    ...totals,
    by_type: z
      .array(
        z.object({
          type: transactionType,
          status: z.enum(['completed', 'failed']).meta({ description: 'A failed transaction moved nothing' }),
          transactions: count('Transactions with this type and status'),
          volume: amount('Total amount that they moved; for failed ones, that they would have moved', '1250.00'),
        }),
      )
      .meta({ description: 'Empty if nothing happened' }),
  })
  .meta({ id: 'AnalyticsBucket' });

export const analyticsSummarySchema = z
  .object({
    from: moment('Start of the period, inclusive: a whole hour'),
    to: moment('End of the period, exclusive: a whole hour'),
    by: z.enum(['hour', 'day']),
    currency,
    totals: z.object(totals),
    buckets: z.array(bucketSchema).meta({
      description: 'Consecutive, without gaps, oldest first; buckets in which nothing happened are included',
    }),
    top_accounts: z
      .array(
        z.object({
          account_id: z.string().meta({ description: 'The account', example: WALLET_DEMO.accountId }),
          transactions,
          volume_in: amount('Total amount that came in', '1250.00'),
          volume_out: amount('Total amount that went out', '1000.00'),
        }),
      )
      .meta({ description: 'The accounts with the largest volumes, in and out combined, largest first' }),
    failure_reasons: z
      .array(
        z.object({
          reason: z.string().meta({ description: 'The code of the refusal', example: 'INSUFFICIENT_FUNDS' }),
          transactions: count('Transactions that failed for this reason'),
          volume: amount('Total amount that they would have moved', '1250.00'),
        }),
      )
      .meta({ description: 'Most frequent first' }),
    lag_events: count(
      'Number of account events from before this request that may not be counted yet; 0 if all are counted, null if unknown',
    ).nullable(),
  })
  .meta({ id: 'AnalyticsSummary' });
export type AnalyticsSummary = z.infer<typeof analyticsSummarySchema>;

export const getAnalyticsSummaryRoute = declareRoute({
  operationId: 'getAnalyticsSummary',
  method: 'get',
  path: '/analytics/summary',
  tag: 'Analytics',
  summary: 'Transactions and amounts by hour or by day, with the reasons for failures and the top accounts',
  description:
    'Counts are kept per hour in UTC, so `from` and `to` must be whole hours (422 otherwise). Without `to`, the current hour ' +
    `is included. Days are UTC days; the first and the last may be partial. A summary has at most ${SUMMARY_BUCKETS_MAX} ` +
    'hours or days.',
  query: z.object({
    from: momentOrDateParameter('Start, inclusive; by default 7 days before `to`', '2026-01-01').optional(),
    to: momentOrDateParameter('End, exclusive; by default now', '2026-02-01').optional(),
    by: z
      .enum(['hour', 'day'], 'must be given once, as hour or day')
      .default('day')
      .meta({ description: 'Length of a bucket' }),
    top: integerParameter(1, 100, 10, 'Number of top accounts'),
  }),
  access: { scope: 'monitoring:read', customers: 'none', limit: 'read' },
  responses: {
    200: { description: 'The summary', body: analyticsSummarySchema },
    ...readFailures(),
  },
});
