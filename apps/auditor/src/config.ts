import { integerSetting } from '@souk/service';
import { z } from 'zod';

/** Settings of the auditor. */
export const configSchema = z.object({
  AUDIT_DATABASE_URL: z.url().describe('mysql://user:password@host:port/, of a user that may only read'),
  AUDIT_REDIS_URL: z
    .url()
    .optional()
    .describe(
      'redis://user:password@host:port of the cash machines, of a user that may only read; without it they are skipped',
    ),
  AUDIT_GRACE_MS: integerSetting(0, 600_000)
    .default(5_000)
    .describe('After it, what two schemas seem to disagree on is looked at again'),
  PAYMENT_PROVIDER: z
    .enum(['wallet', 'simulated'])
    .default('wallet')
    .describe('Who charges customers; simulated payments are not in the wallet, so orders are not compared with it'),
});

export type Config = z.infer<typeof configSchema>;
