import { integerSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';

/** Settings of the auditor. */
export const configSchema = z.object({
  AUDIT_DATABASE_URL: engineUrlSetting('mysql').describe('mysql://user:password@host:port/ of a read-only user'),
  AUDIT_REDIS_URL: engineUrlSetting('redis')
    .optional()
    .describe(
      "redis://user:password@host:port of the cash machines, with a read-only user; without it, they aren't audited",
    ),
  AUDIT_GRACE_MS: integerSetting(0, 600_000)
    .default(5_000)
    .describe('Delay after which apparent disagreements between two schemas are checked again'),
  PAYMENT_PROVIDER: z
    .enum(['wallet', 'simulated'])
    .default('wallet')
    .describe("Who charges customers; simulated payments aren't in the wallet, so orders aren't compared with it"),
});

export type Config = z.infer<typeof configSchema>;
