import { z } from 'zod';
import { id } from './fields';
import { adminBodyFailures, adminFailures, adminPostFailures, NOTIFICATION_FAILURES } from './notification-failures';
import { after, limit } from './paging';
import { declareRoute, type Party } from './route';
import { accountId } from './wallet-fields';
import { deliveriesSchema, removedWebhookSchema, webhookSchema } from './webhook-schemas';
import { webhookUrl } from './webhook-url';

const { webhookNotFound, deliveryNotFound, privateAddress } = NOTIFICATION_FAILURES;

const ofAccount = { tag: 'Webhooks', isAdmin: true, params: z.object({ id: accountId }) } as const;

export const setWebhookRoute = declareRoute({
  ...ofAccount,
  operationId: 'setWebhook',
  method: 'put',
  path: '/accounts/:id/webhook',
  summary: 'Have the notifications of an account posted to a URL, or rotate the secret they are signed with',
  description:
    'Notifications of events from the registration on are posted, at least once each, in no promised order, and tried for a day. They are ' +
    'signed as Standard Webhooks says. A secret is told once: when the webhook is registered, and when `rotate_secret` makes a ' +
    'new one. The secret before it stays valid for a while, and deliveries are signed with both; one that is older still ends at once.',
  body: z.object({
    url: webhookUrl,
    rotate_secret: z
      .boolean('must be true or false')
      .optional()
      .meta({ description: 'Makes a new secret', example: false }),
  }),
  example: { url: 'https://shop.example/hooks/souk' },
  responses: { 200: { description: 'The webhook', body: webhookSchema }, ...adminBodyFailures(privateAddress) },
});

export const getWebhookRoute = declareRoute({
  ...ofAccount,
  operationId: 'getWebhook',
  method: 'get',
  path: '/accounts/:id/webhook',
  summary: 'The webhook of an account, without its secrets',
  responses: { 200: { description: 'The webhook', body: webhookSchema }, ...adminFailures(webhookNotFound) },
});

export const removeWebhookRoute = declareRoute({
  ...ofAccount,
  operationId: 'removeWebhook',
  method: 'delete',
  path: '/accounts/:id/webhook',
  summary: 'Post the notifications of an account no more',
  description: 'What is pending is cancelled. Removing what is not there succeeds.',
  responses: { 200: { description: 'There is no webhook', body: removedWebhookSchema }, ...adminFailures() },
});

export const listDeliveriesRoute = declareRoute({
  ...ofAccount,
  operationId: 'listDeliveries',
  method: 'get',
  path: '/accounts/:id/deliveries',
  summary: 'What became of the deliveries to the webhook of an account, newest first',
  description: 'Those that ended are kept for 30 days.',
  query: z.object({ after, limit }),
  responses: { 200: { description: 'A page of deliveries', body: deliveriesSchema }, ...adminFailures() },
});

const ofWebhook = ({ params }: { params: { id: string } }): Party => ({ kind: 'webhook', id: params.id });

const redelivered = {
  description: 'They are pending again, and tried for another day',
  headers: ['Idempotency-Replayed'],
  body: z.object({ redelivered: z.number().int().meta({ description: 'How many', example: 1 }) }),
} as const;

export const redeliverRoute = declareRoute({
  ...ofAccount,
  operationId: 'redeliver',
  method: 'post',
  path: '/accounts/:id/deliveries/:delivery_id/redeliver',
  isIdempotent: true,
  actsFor: ofWebhook,
  summary: 'Deliver once more, now',
  description: 'Also what was delivered: the receiver knows it by its id. What is pending is tried at once.',
  params: z.object({
    id: accountId,
    delivery_id: id('The delivery', 'd41f3a6e-63a2-8f0c-a1b7-55c0e19d3f27'),
  }),
  responses: { 202: redelivered, ...adminPostFailures(deliveryNotFound, webhookNotFound) },
});

export const redeliverDeadRoute = declareRoute({
  ...ofAccount,
  operationId: 'redeliverDead',
  method: 'post',
  path: '/accounts/:id/deliveries/redeliver',
  isIdempotent: true,
  actsFor: ofWebhook,
  summary: 'Deliver once more all that was given up',
  responses: { 202: redelivered, ...adminPostFailures(webhookNotFound) },
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
