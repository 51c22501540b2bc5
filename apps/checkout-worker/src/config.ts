import { parseAmount } from '@souk/money';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { z } from 'zod';

const rate = z.coerce.number().min(0).max(1).default(0);

/** Settings of the checkout worker. */
export const configSchema = z.object({
  ...commonSettings,
  HEALTH_PORT: portSetting.default(5104).describe('Serves /healthz, /readyz and /metrics'),
  RABBITMQ_URL: z.url().describe('amqp://user:password@host:port/vhost'),
  INVENTORY_ADDRESS: z.string().min(1).describe('gRPC target of the inventory managers'),
  BATCH_MAX: integerSetting(1, 1_000).default(256).describe('Checkouts run together, one call a step for all of them'),
  PAYMENT_PROVIDER: z.enum(['simulated']).default('simulated').describe('Who charges customers'),
  PAYMENT_TIMEOUT_MS: integerSetting(50, 60_000)
    .default(3_000)
    .describe('Wait for the payment provider; after it the outcome is unknown and asked for again'),
  REDIS_URL: z.url().describe('redis://:password@host:port, where the simulated payments are kept'),
  SIMULATED_PAYMENT_DECLINE_ABOVE: z
    .string()
    .default('10000.00')
    .transform(
      (text, context) =>
        parseAmount(text) ??
        (context.addIssue({ code: 'custom', message: 'must be an amount such as 100.00' }), z.NEVER),
    )
    .describe('Charges above this amount are declined'),
  SIMULATED_PAYMENT_LATENCY_MS: integerSetting(0, 600_000).default(0).describe('How long each call takes'),
  SIMULATED_PAYMENT_FAILURE_RATE: rate.describe('Share of calls of any kind that fail with nothing done'),
  SIMULATED_PAYMENT_TIMEOUT_RATE: rate.describe('Share of charges that are lost: nothing is done, and no answer comes'),
  SIMULATED_PAYMENT_LATE_RATE: rate.describe('Share of charges that are carried out, and no answer comes'),
});

export type Config = z.infer<typeof configSchema>;
