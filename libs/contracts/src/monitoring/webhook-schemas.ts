import { z } from 'zod';
import { moment } from '../declaration/fields';
import { next } from '../declaration/paging';
import { WALLET_DEMO } from '../wallet/wallet-fields';
import { webhookUrl } from './webhook-url';

const accountField = z
  .string()
  .meta({ description: 'The account whose notifications it receives', example: WALLET_DEMO.accountId });

export const webhookSchema = z
  .object({
    account_id: accountField,
    url: webhookUrl,
    secret: z.string().nullable().meta({
      description:
        'The secret that signs deliveries, in the answer to the request that created it; null in all other answers',
      example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwN7h9xkCq3Gk=',
    }),
    secrets: z
      .array(
        z.object({
          id: z.string().meta({ description: 'The secret; its value is not shown again' }),
          created_at: moment('When the secret was created'),
          expires_at: moment('When deliveries stop being signed with it; null for the newest').nullable(),
        }),
      )
      .meta({ description: 'The secrets that sign deliveries now, newest first; at most two' }),
    created_at: moment('When the webhook was registered; events from then on are delivered'),
    updated_at: moment('When the webhook was last set'),
    disabled_at: moment(
      'When its receiver answered 410, which disabled it; absent while it is enabled. Setting the webhook enables it again',
    ).optional(),
  })
  .meta({ id: 'Webhook' });

export const removedWebhookSchema = z
  .object({
    account_id: accountField,
    cancelled: z.number().int().meta({ description: 'Number of pending deliveries that were cancelled', example: 0 }),
  })
  .meta({ id: 'RemovedWebhook' });

const DELIVERY_STATES = ['pending', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const attemptSchema = z
  .object({
    at: moment('When the attempt began'),
    status: z.number().int().nullable().meta({ description: 'HTTP status; null if there was no answer', example: 503 }),
    error: z
      .string()
      .nullable()
      .meta({ description: 'Why the attempt failed; null if it succeeded', example: 'timeout' }),
    response: z.string().meta({ description: 'The beginning of the answer, at most 1 KiB' }),
    duration_ms: z.number().int().meta({ example: 87 }),
  })
  .meta({ id: 'DeliveryAttempt' });

const deliverySchema = z
  .object({
    id: z.string().meta({
      description: 'The delivery, sent to the receiver as `webhook-id`; also the id of the notification',
      example: 'd41f3a6e-63a2-8f0c-a1b7-55c0e19d3f27',
    }),
    sequence: z.number().int().meta({ description: '`sequence` of the notification', example: 42 }),
    type: z.string().meta({ description: '`kind` of the notification', example: 'transfer.completed' }),
    state: z.enum(DELIVERY_STATES).meta({
      description:
        '`dead`: every attempt failed, and none follows; `cancelled`: the webhook was removed or disabled. Either can be redelivered',
    }),
    attempts: z.array(attemptSchema).meta({ description: 'The latest ten, newest first' }),
    created_at: moment('When the delivery was queued'),
    next_attempt_at: moment(
      'When the next attempt is due; during an attempt, when that attempt counts as lost',
    ).nullable(),
    ended_at: moment('When the delivery became `delivered`, `dead` or `cancelled`').nullable(),
  })
  .meta({ id: 'Delivery' });

export const deliveriesSchema = z.object({ items: z.array(deliverySchema), next }).meta({ id: 'Deliveries' });
