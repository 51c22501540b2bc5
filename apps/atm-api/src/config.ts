import { checkAccessSettings } from '@souk/access';
import { grpcSettings } from '@souk/grpc';
import { httpSettings } from '@souk/http';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';
import { machinesSetting } from './machine/machine-settings';

const settings = z.object({
  ...commonSettings,
  ...grpcSettings,
  PORT: portSetting.default(5005).describe('Serves the ATM API and the health pages'),
  ATM_STORE: z
    .enum(['redis', 'file'])
    .default('file')
    .describe('Where the stock and the journal are kept; processes can share them only in Redis'),
  REDIS_URL: engineUrlSetting('redis')
    .optional()
    .describe('redis://user:password@host:port; required for ATM_STORE=redis'),
  ATM_DIRECTORY: z.string().min(1).default('.souk/atm').describe('Folder of the files, for ATM_STORE=file'),
  ATM_MACHINES: machinesSetting.describe(
    'Stock, denominations and limits of each machine, as JSON; by default there is one machine, main',
  ),
  ATM_LEGACY_GET: z.stringbool().default(false).describe('Whether GET /atm/maintenance also resets the machine'),
  WALLET_ADDRESS: z
    .string()
    .min(1)
    .optional()
    .describe("gRPC target of the wallet; without it, withdrawals can't have an account_id"),
  PAYMENT_TIMEOUT_MS: integerSetting(50, 60_000)
    .default(3_000)
    .describe('Maximum wait for the wallet; then the outcome is unknown and is queried again'),
  WITHDRAWAL_TTL: integerSetting(1, 3_600)
    .default(60)
    .describe('Seconds for which a withdrawal from an account may stay open; then its pieces are put back'),
  IDEMPOTENCY_ANSWER_HOURS: integerSetting(24, 720)
    .default(24)
    .describe(
      'Hours for which the answer to a request with an idempotency key is kept; the key is kept 30 days longer',
    ),
  ...httpSettings,
});

/** Settings of the cash machines. */
export const configSchema = checkAccessSettings(
  settings.superRefine(
    ({ ATM_STORE, REDIS_URL }: Partial<z.infer<typeof settings>>, context) => {
      if (ATM_STORE === 'redis' && !REDIS_URL)
        context.addIssue({ code: 'custom', path: ['REDIS_URL'], message: 'must be set for ATM_STORE=redis' });
    },
    { when: () => true }, // even if there are other errors, so that all are reported at once
  ),
);

export type Config = z.infer<typeof configSchema>;

/** Keys are remembered this much longer than their answers. */
export const KEY_KEPT_DAYS = 30;
