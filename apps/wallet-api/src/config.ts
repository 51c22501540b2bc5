import { checkAccessSettings } from '@souk/access';
import { idError } from '@souk/contracts';
import { databaseSettings } from '@souk/database';
import { checkGrpcToken, grpcSettings } from '@souk/grpc';
import { httpSettings } from '@souk/http';
import { commonSettings, integerSetting, portSetting } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';

const REFERENCE_FORM = '1 to 100 characters without leading or trailing whitespace';
const isReference = (text: string) => idError(text) === undefined;

const referenceList = z
  .string()
  .transform((text) => text.split(',').map((reference) => reference.trim()))
  .refine(
    (references) => references.every(isReference),
    `must be references separated by commas, each with ${REFERENCE_FORM}`,
  );

const settings = z.object({
  ...commonSettings,
  ...grpcSettings,
  PORT: portSetting.default(5004).describe('Serves the Wallet API and the health pages'),
  GRPC_BIND: z.string().optional().describe('Address to listen on for gRPC; SOUK_BIND if unset'),
  GRPC_PORT: portSetting.default(9200).describe('Serves wallet.v1.PaymentService and wallet.v1.EventService'),
  RABBITMQ_URL: engineUrlSetting('amqp').describe('amqp://user:password@host:port/vhost'),
  WALLET_DATABASE_URL: engineUrlSetting('mysql').describe('mysql://user:password@host:port/wallet'),
  MERCHANT_REFERENCE: z
    .string()
    .refine(isReference, `must be ${REFERENCE_FORM}`)
    .default('merchant')
    .describe("Reference of the shop's account, which checkouts are paid to; opened at startup if there is none"),
  ATM_REFERENCES: referenceList
    .prefault('atm-main')
    .describe(
      "References of the accounts of cash machines, separated by commas; opened in the same way. None may be the shop's",
    ),
  IDEMPOTENCY_ANSWER_HOURS: integerSetting(24, 720)
    .default(24)
    .describe(
      'Hours for which the answer to a request with an idempotency key is kept; the key is kept 30 days longer',
    ),
  ...httpSettings,
  ...databaseSettings,
});

/** Settings of the wallet. */
export const configSchema = checkGrpcToken(
  checkAccessSettings(
    settings.refine(
      ({ MERCHANT_REFERENCE, ATM_REFERENCES }: Partial<z.infer<typeof settings>>) =>
        MERCHANT_REFERENCE === undefined || !ATM_REFERENCES?.includes(MERCHANT_REFERENCE),
      {
        path: ['ATM_REFERENCES'],
        error: 'must not contain the reference of the shop, MERCHANT_REFERENCE',
        when: () => true, // runs even if there are other errors, so that all are reported at once
      },
    ),
  ),
);

export type Config = z.infer<typeof configSchema>;

/** Keys are remembered this much longer than their answers. */
export const KEY_KEPT_DAYS = 30;
