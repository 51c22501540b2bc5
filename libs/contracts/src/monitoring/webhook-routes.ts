import { z } from 'zod';
import { id } from '../declaration/fields';
import { after, limit } from '../declaration/paging';
import { declareRoute, type Party } from '../declaration/route';
import { accountId } from '../wallet/wallet-fields';
import { bodyFailures, readFailures, postFailures, NOTIFICATION_FAILURES } from './notification-failures';
import { deliveriesSchema, removedWebhookSchema, webhookSchema } from './webhook-schemas';
import { webhookUrl } from './webhook-url';

const { webhookNotFound, deliveryNotFound, privateAddress } = NOTIFICATION_FAILURES;

const webhookRouteBase = {
  tag: 'Webhooks',
  access: { scope: 'monitoring:admin', customers: 'none', limit: 'admin' },
  params: z.object({ id: accountId }),
} as const;
const readingAccess = { ...webhookRouteBase.access, limit: 'read' } as const;

export const setWebhookRoute = declareRoute({
  ...webhookRouteBase,
  operationId: 'setWebhook',
  method: 'put',
  path: '/accounts/:id/webhook',
  summary: 'Post the notifications of an account to a URL, or rotate the secret that signs them',
  description:
    'Notifications of events after the registration are posted at least once each, in no guaranteed order, and retried for a day. They are ' +
    'signed as specified by Standard Webhooks. A secret is shown only once: when the webhook is registered, or when `rotate_secret` creates ' +
    'a new one. After a rotation, deliveries are signed with both the new and the previous secret for a while; any older secret expires at once.',
  body: z.object({
    url: webhookUrl,
    rotate_secret: z
      .boolean('must be true or false')
      .optional()
      .meta({ description: 'Creates a new secret', example: false }),
  }),
  example: { url: 'https://shop.example/hooks/souk' },
  responses: { 200: { description: 'The webhook', body: webhookSchema }, ...bodyFailures(privateAddress) },
});

export const getWebhookRoute = declareRoute({
  ...webhookRouteBase,
  operationId: 'getWebhook',
  method: 'get',
  path: '/accounts/:id/webhook',
  access: readingAccess,
  summary: 'The webhook of an account, without its secrets',
  responses: { 200: { description: 'The webhook', body: webhookSchema }, ...readFailures(webhookNotFound) },
});

export const removeWebhookRoute = declareRoute({
  ...webhookRouteBase,
  operationId: 'removeWebhook',
  method: 'delete',
  path: '/accounts/:id/webhook',
  summary: 'Stop posting the notifications of an account',
  description: 'Pending deliveries are cancelled. Also succeeds if there is no webhook.',
  responses: { 200: { description: 'The account has no webhook', body: removedWebhookSchema }, ...readFailures() },
});

export const listDeliveriesRoute = declareRoute({
  ...webhookRouteBase,
  operationId: 'listDeliveries',
  method: 'get',
  path: '/accounts/:id/deliveries',
  access: readingAccess,
  summary: 'The deliveries to the webhook of an account and their outcomes, newest first',
  description: 'Ended deliveries are kept for 30 days.',
  query: z.object({ after, limit }),
  responses: { 200: { description: 'A page of deliveries', body: deliveriesSchema }, ...readFailures() },
});

const webhookParty = ({ params }: { params: { id: string } }): Party => ({ kind: 'webhook', id: params.id });

const redelivered = {
  description: 'The deliveries are pending again and are retried for another day',
  headers: ['Idempotency-Replayed'],
  body: z.object({ redelivered: z.number().int().meta({ description: 'Number of deliveries', example: 1 }) }),
} as const;

export const redeliverRoute = declareRoute({
  ...webhookRouteBase,
  operationId: 'redeliver',
  method: 'post',
  path: '/accounts/:id/deliveries/:delivery_id/redeliver',
  isIdempotent: true,
  actsFor: webhookParty,
  summary: 'Redeliver a notification now',
  description:
    'A delivery that succeeded can also be redelivered: the receiver recognises it by its id. A pending delivery is tried at once.',
  params: z.object({
    id: accountId,
    delivery_id: id('The delivery', 'd41f3a6e-63a2-8f0c-a1b7-55c0e19d3f27'),
  }),
  responses: { 202: redelivered, ...postFailures(deliveryNotFound, webhookNotFound) },
});

export const redeliverDeadRoute = declareRoute({
  ...webhookRouteBase,
  operationId: 'redeliverDead',
  method: 'post',
  path: '/accounts/:id/deliveries/redeliver',
  isIdempotent: true,
  actsFor: webhookParty,
  summary: 'Redeliver all notifications whose delivery is `dead`',
  responses: { 202: redelivered, ...postFailures(webhookNotFound) },
});

/** Every webhook route. */
export const WEBHOOK_ROUTES = [
  setWebhookRoute,
  getWebhookRoute,
  removeWebhookRoute,
  listDeliveriesRoute,
  redeliverDeadRoute,
  redeliverRoute,
] as const;
