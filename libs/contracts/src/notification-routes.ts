import { z } from 'zod';
import { currency, moment } from './fields';
import { openFailures } from './notification-failures';
import { after, limit, next } from './paging';
import { declareRoute } from './route';
import { accountId, signedAmount, WALLET_DEMO } from './wallet-fields';
import { paidFor, transactionId } from './wallet-schemas';
import { WEBHOOK_ROUTES } from './webhook-routes';

export const notificationSchema = z
  .object({
    id: z.string().meta({
      description: 'The notification; a rebuild gives the same',
      example: 'd41f3a6e-63a2-8f0c-a1b7-55c0e19d3f27',
    }),
    account_id: z.string().meta({ description: 'Whom it is for', example: WALLET_DEMO.accountId }),
    sequence: z
      .number()
      .int()
      .meta({ description: 'Its place among those of the account: from 1, without gaps', example: 42 }),
    kind: z
      .string()
      .meta({ description: 'Type of the transaction and what became of it', example: 'transfer.completed' }),
    message: z.string().meta({ description: 'For people', example: 'You received 12.50 USD' }),
    transaction_id: transactionId,
    amount: signedAmount('What came in; below zero, what went out. Of a failed one, what would have', '12.50'),
    currency,
    created_at: moment('When the transaction was decided'),
    ...paidFor,
  })
  .meta({ id: 'Notification' });

export const listNotificationsRoute = declareRoute({
  operationId: 'listNotifications',
  method: 'get',
  path: '/accounts/:id/notifications',
  tag: 'Notifications',
  summary: 'What happened to an account, newest first',
  description: 'One for each transaction that the account took part in. An account that nobody heard of has none.',
  params: z.object({ id: accountId }),
  query: z.object({ after, limit }),
  responses: {
    200: {
      description: 'A page of notifications',
      body: z.object({ items: z.array(notificationSchema), next }).meta({ id: 'Notifications' }),
    },
    ...openFailures(),
  },
});

/** Every route for notifications and for the webhooks that deliver them. */
export const NOTIFICATION_ROUTES = [listNotificationsRoute, ...WEBHOOK_ROUTES] as const;
