import { idFault } from '@souk/contracts';
import { databaseSettings } from '@souk/database';
import { httpSettings, requireAdminKeyOutside } from '@souk/http';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { z } from 'zod';

/** Settings of the wallet. */
export const configSchema = requireAdminKeyOutside(
  z.object({
    ...commonSettings,
    PORT: portSetting.default(5004).describe('Serves the Wallet API'),
    GRPC_BIND: z.string().optional().describe('Address the payments listen on; SOUK_BIND where it is not set'),
    GRPC_PORT: portSetting.default(9200).describe('Serves wallet.v1.PaymentService and wallet.v1.EventService'),
    RABBITMQ_URL: z.url().describe('amqp://user:password@host:port/vhost'),
    WALLET_DATABASE_URL: z.url().describe('mysql://user:password@host:port/wallet'),
    MERCHANT_REFERENCE: z
      .string()
      .refine((value) => idFault(value) === undefined, 'must be 1 to 100 characters without outer white space')
      .default('merchant')
      .describe("Reference of the shop's account, which checkouts are paid to; it is opened at the first start"),
    IDEMPOTENCY_ANSWER_HOURS: integerSetting(24, 720)
      .default(24)
      .describe('How long answers to idempotency keys are kept'),
    ...httpSettings,
    ...databaseSettings,
  }),
);

export type Config = z.infer<typeof configSchema>;

/** Keys are remembered this much longer than their answers. */
export const KEY_KEPT_DAYS = 30;
