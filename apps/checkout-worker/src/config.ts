import { idError } from '@souk/contracts';
import { CALL_ENTRIES_MAX, grpcSettings } from '@souk/grpc';
import { parseAmount } from '@souk/money';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';

const rate = z.coerce.number().min(0).max(1).default(0);

const settings = z.object({
  ...commonSettings,
  ...grpcSettings,
  HEALTH_PORT: portSetting.default(5104).describe('Serves /healthz, /readyz and /metrics'),
  RABBITMQ_URL: engineUrlSetting('amqp').describe('amqp://user:password@host:port/vhost'),
  INVENTORY_ADDRESS: z
    .string()
    .min(1)
    .describe('gRPC target of the inventory managers: ipv4:host:port,host:port or dns:///host:port'),
  BATCH_MAX: integerSetting(1, CALL_ENTRIES_MAX)
    .default(256)
    .describe('Maximum number of checkouts run together, with one call per step for all of them'),
  PAYMENT_PROVIDER: z
    .enum(['wallet', 'simulated'])
    .default('wallet')
    .describe('Charges customers: the wallet or, for tests, a simulation that moves no money'),
  WALLET_ADDRESS: z.string().optional().describe('gRPC target of the wallet; required for PAYMENT_PROVIDER=wallet'),
  MERCHANT_REFERENCE: z
    .string()
    .refine(
      (value) => idError(value) === undefined,
      'must be 1 to 100 characters without leading or trailing white space',
    )
    .default('merchant')
    .describe("Reference of the shop's account, which checkouts are paid to; must be the same as the wallet's"),
  PAYMENT_TIMEOUT_MS: integerSetting(50, 60_000)
    .default(3_000)
    .describe('Maximum wait for the payment provider; after that the outcome is unknown, and the call is repeated'),
  REDIS_URL: engineUrlSetting('redis')
    .optional()
    .describe(
      'redis://user:password@host:port, where simulated payments are kept; required for PAYMENT_PROVIDER=simulated',
    ),
  SIMULATED_PAYMENT_DECLINE_ABOVE: z
    .string()
    .default('10000.00')
    .transform(
      (text, context) =>
        parseAmount(text) ??
        (context.addIssue({ code: 'custom', message: 'must be an amount such as 100.00' }), z.NEVER),
    )
    .describe('Simulated payments: charges above this amount are declined'),
  SIMULATED_PAYMENT_LATENCY_MS: integerSetting(0, 600_000)
    .default(0)
    .describe('Simulated payments: how long each call takes'),
  SIMULATED_PAYMENT_FAILURE_RATE: rate.describe(
    'Simulated payments: share of calls of any kind that fail without effect',
  ),
  SIMULATED_PAYMENT_TIMEOUT_RATE: rate.describe(
    'Simulated payments: share of charges that are lost, with no effect and no answer',
  ),
  SIMULATED_PAYMENT_LATE_RATE: rate.describe(
    'Simulated payments: share of charges that are carried out without an answer',
  ),
});

/** The setting that each provider requires. */
const REQUIRED_SETTING = { wallet: 'WALLET_ADDRESS', simulated: 'REDIS_URL' } as const;

/** Settings of the checkout worker. */
export const configSchema = settings.superRefine(
  (values: Partial<z.infer<typeof settings>>, context) => {
    const provider = values.PAYMENT_PROVIDER;
    const name = provider && REQUIRED_SETTING[provider];
    if (name && !values[name])
      context.addIssue({ code: 'custom', path: [name], message: `must be set for PAYMENT_PROVIDER=${provider}` });
  },
  { when: () => true }, // runs even if other settings are invalid, so that all errors are reported at once
);

export type Config = z.infer<typeof configSchema>;
