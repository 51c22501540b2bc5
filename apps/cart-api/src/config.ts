import { adminKeyFault } from '@souk/http';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { z } from 'zod';

const isOrigin = (text: string) => text === '*' || (URL.canParse(text) && new URL(text).origin === text);

const originList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  )
  .refine(
    (origins) => origins.every(isOrigin),
    'must be origins such as https://shop.example, separated by commas, or *',
  );

/** Settings of the cart API. */
export const configSchema = z
  .object({
    ...commonSettings,
    PORT: portSetting.default(5003).describe('Serves the Cart API'),
    RABBITMQ_URL: z.url().describe('amqp://user:password@host:port/vhost'),
    INVENTORY_ADDRESS: z.string().min(1).describe('gRPC target of the inventory managers'),
    ADMIN_API_KEY: z.string().optional().describe('What X-API-Key must be on admin routes; unset only on loopback'),
    CORS_ORIGINS: originList.describe('Origins whose pages may call, separated by commas; none when empty'),
    IN_FLIGHT_MAX: integerSetting(1, 100_000).default(1_024).describe('Requests answered at once; more get 429'),
    ANSWER_TIMEOUT_MS: integerSetting(100, 60_000)
      .default(5_000)
      .describe('Wait for the cart worker and the inventory; after it a request gets 504'),
  })
  .refine(({ SOUK_BIND, ADMIN_API_KEY }) => adminKeyFault(SOUK_BIND, ADMIN_API_KEY) === undefined, {
    path: ['ADMIN_API_KEY'],
    error: 'must be set, because SOUK_BIND can be reached from outside',
    when: () => true, // also beside other faults: all are named at once
  });

export type Config = z.infer<typeof configSchema>;
