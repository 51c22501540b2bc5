import { integerSetting } from '@souk/service';
import { z } from 'zod';

/** Settings of notifications and webhooks. */
export const notificationSettings = {
  WEBHOOK_SECRET_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64, such as the output of `openssl rand -base64 32`')
    .describe('Key that encrypts the webhook secrets in the database: 32 bytes in base64'),
  WEBHOOK_ALLOW_PRIVATE: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe("Whether webhooks may have addresses that aren't public; for tests and closed networks"),
  WEBHOOK_TIMEOUT_MS: integerSetting(100, 60_000)
    .default(10_000)
    .describe('How long the receiver of a webhook may take to respond'),
  WEBHOOK_RETRY_HOURS: integerSetting(1, 168).default(24).describe('How long a failing delivery is retried'),
  WEBHOOK_SECRET_OVERLAP_HOURS: integerSetting(1, 720)
    .default(24)
    .describe('How long after a rotation deliveries are also signed with the old secret'),
};

export type NotificationSettings = {
  [Name in keyof typeof notificationSettings]: z.output<(typeof notificationSettings)[Name]>;
};
