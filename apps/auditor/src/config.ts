import { integerSetting } from '@souk/service';
import { z } from 'zod';

/** Settings of the auditor. */
export const configSchema = z.object({
  AUDIT_DATABASE_URL: z.url().describe('mysql://user:password@host:port/ of a read-only user'),
  AUDIT_REDIS_URL: z
    .url()
    .optional()
    .describe(
      'redis://user:password@host:port of the cash machines, for a read-only user; without it, they are not checked',
    ),
  AUDIT_GRACE_MS: integerSetting(0, 600_000)
    .default(5_000)
    .describe('Delay after which apparent disagreements between schemas are checked again'),
  PAYMENT_PROVIDER: z
    .enum(['wallet', 'simulated'])
    .default('wallet')
    .describe('What charges customers; simulated payments are not in the wallet, so orders are not compared with it'),
});

export type Config = z.infer<typeof configSchema>;
