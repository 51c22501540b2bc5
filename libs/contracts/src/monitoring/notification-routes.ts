import { z } from 'zod';
import { currency, moment } from '../declaration/fields';
import { after, limit, next } from '../declaration/paging';
import { declareRoute } from '../declaration/route';
import { accountId, signedAmount, WALLET_DEMO } from '../wallet/wallet-fields';
import { paidFor, transactionId } from '../wallet/wallet-schemas';
import { readFailures } from './notification-failures';
import { WEBHOOK_ROUTES } from './webhook-routes';

const notificationSchema = z
  .object({
    id: z.string().meta({
      description: 'The notification; its id stays the same after a rebuild',
      example: 'd41f3a6e-63a2-8f0c-a1b7-55c0e19d3f27',
    }),
    account_id: z.string().meta({ description: 'The account that it is for', example: WALLET_DEMO.accountId }),
    sequence: z
      .number()
      .int()
      .meta({ description: 'Position among the notifications of the account: from 1, without gaps', example: 42 }),
    kind: z.string().meta({ description: 'Type and outcome of the transaction', example: 'transfer.completed' }),
    message: z.string().meta({ description: 'Human-readable text', example: 'You received 12.50 USD' }),
    transaction_id: transactionId,
    amount: signedAmount(
      'The amount that came in; negative if it went out. For a failed transaction, the amount that would have moved',
      '12.50',
    ),
    currency,
    created_at: moment('When the transaction completed or was refused'),
    ...paidFor,
  })
  .meta({ id: 'Notification' });

export const listNotificationsRoute = declareRoute({
  operationId: 'listNotifications',
  method: 'get',
  path: '/accounts/:id/notifications',
  tag: 'Notifications',
  summary: 'The notifications of an account, newest first',
  description: 'There is one notification for each transaction that involves the account. An unknown account has none.',
  params: z.object({ id: accountId }),
  query: z.object({ after, limit }),
  access: { scope: 'monitoring:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'account', id: params.id }),
  responses: {
    200: {
      description: 'A page of notifications',
      body: z.object({ items: z.array(notificationSchema), next }).meta({ id: 'Notifications' }),
    },
    ...readFailures(),
  },
});

/** Every route for notifications and for the webhooks that deliver them. */
export const NOTIFICATION_ROUTES = [listNotificationsRoute, ...WEBHOOK_ROUTES] as const;
