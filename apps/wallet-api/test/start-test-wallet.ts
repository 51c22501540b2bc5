import { createEventClient, createPaymentClient, type EventClient, type PaymentClient } from '@souk/grpc';
import { createLogger, createMetrics, type Registry } from '@souk/service';
import { eventually, freePort, type TestDatabase } from '@souk/testing';
import { randomBytes } from 'node:crypto';
import { openAccount } from '../src/accounts/open-account';
import { buildApp, type WalletParts } from '../src/app';
import { configSchema, type Config } from '../src/config';
import type { IdempotencyKey } from '../src/ledger/idempotency';
import type { RequestOrigin } from '../src/request-origin';

export interface TestWallet extends WalletParts {
  /** The base URL of the Wallet API. */
  url: string;
  /** The port of the payment and event services; it is open once the wallet is ready. */
  grpcPort: number;
  payments: PaymentClient;
  events: EventClient;
  metrics: Registry;
  stop(): Promise<void>;
}

/** Nothing listens here, so events wait in the outbox. */
const NO_BROKER = 'amqp://127.0.0.1:1';

/** Starts the service as `main.ts` does, on free ports, with clients for its payments and events. */
export async function startTestWallet(
  { url }: Pick<TestDatabase, 'url'>,
  settings: Partial<Config> = {},
  { waitsUntilReady = true }: { waitsUntilReady?: boolean } = {},
): Promise<TestWallet> {
  const config = {
    ...configSchema.parse({ WALLET_DATABASE_URL: url, RABBITMQ_URL: NO_BROKER }),
    GRPC_PORT: await freePort(),
    PORT: 0,
    ...settings,
  };
  const metrics = createMetrics('wallet-api');
  const app = buildApp(config, { logger: createLogger('wallet-api', 'silent'), metrics });
  await app.start();
  const clientOptions = { address: `ipv4:127.0.0.1:${config.GRPC_PORT}`, deadlineMs: 20_000 };
  const payments = createPaymentClient(clientOptions);
  const events = createEventClient(clientOptions);
  if (waitsUntilReady) await eventually(() => payments.ping());
  return {
    ...app.parts,
    url: `http://127.0.0.1:${app.port()}`,
    grpcPort: config.GRPC_PORT,
    payments,
    events,
    metrics,
    stop: async () => {
      payments.close();
      events.close();
      await app.stop();
    },
  };
}

/** @returns an id that no other key has */
export const newKeyId = () => randomBytes(32).toString('hex');

/** @returns a key that has never been used, with unused earlier ids */
export const newKey = (overrides: Partial<IdempotencyKey> = {}): IdempotencyKey => ({
  id: newKeyId(),
  earlierIds: [newKeyId()],
  fingerprint: 'body',
  ...overrides,
});

/** The caller in tests, with an optional idempotency key. */
export const testOrigin = (idempotency?: IdempotencyKey): RequestOrigin => ({
  actor: 'test',
  correlationId: 'test',
  ...(idempotency && { idempotency }),
});

/** @returns the ids of a new account with its wallet */
export async function newAccount({ lane }: Pick<WalletParts, 'lane'>, balance = 0n, reference: string | null = null) {
  const result = await openAccount(lane, { name: null, reference, initialBalance: balance, ...testOrigin() });
  if (!result.ok) throw new Error(result.code);
  return { accountId: result.account.id, walletId: result.account.wallet.id };
}

/** Checks the promises about the tables. @returns the rows that break each broken promise */
export async function brokenPromises(database: TestDatabase): Promise<Record<string, unknown[]>> {
  const queries = {
    'postings sum to zero per transaction and currency': `
      SELECT transaction_id FROM posting GROUP BY transaction_id, currency HAVING SUM(amount) <> 0`,
    'a wallet is the sum of its postings': `
      SELECT w.id FROM wallet w LEFT JOIN posting p ON p.wallet_id = w.id WHERE w.amount IS NOT NULL
       GROUP BY w.id, w.amount HAVING w.amount <> COALESCE(SUM(p.amount), 0)`,
    'a customer is never below zero': `
      SELECT id FROM wallet WHERE amount < 0 AND may_overdraw = 0`,
    'every posting carries the balance after it': `
      SELECT id FROM (SELECT id, balance_after, SUM(amount) OVER (PARTITION BY wallet_id ORDER BY sequence) AS replayed
        FROM posting WHERE sequence IS NOT NULL) p WHERE balance_after <> replayed`,
    'postings of a wallet never step back in time': `
      SELECT id FROM (SELECT id, created_at, LAG(created_at) OVER (PARTITION BY wallet_id ORDER BY sequence) AS before_it
        FROM posting WHERE sequence IS NOT NULL) p WHERE created_at < before_it`,
    'sequences of an account have no gap': `
      SELECT w.account_id FROM wallet w LEFT JOIN event_entry e ON e.account_id = w.account_id
       GROUP BY w.account_id, w.sequence HAVING w.sequence <> COUNT(e.sequence) OR w.sequence <> COALESCE(MAX(e.sequence), 0)`,
    'every transaction has one event': `
      SELECT t.id FROM \`transaction\` t LEFT JOIN event e ON e.transaction_id = t.id
       GROUP BY t.id HAVING COUNT(e.id) <> 1`,
    'a failed transaction moved nothing, a completed one did': `
      SELECT t.id FROM \`transaction\` t LEFT JOIN posting p ON p.transaction_id = t.id
       GROUP BY t.id, t.status HAVING COUNT(p.id) <> IF(t.status = 'completed', 2, 0)`,
    'a payment was charged as its state says': `
      SELECT p.payment_id FROM payment p LEFT JOIN posting c ON c.transaction_id = p.charge_id AND c.amount > 0
        LEFT JOIN posting r ON r.transaction_id = p.refund_id AND r.amount > 0
       WHERE COALESCE(c.amount, 0) <> IF(p.state IN ('charged', 'refunded'), p.amount, 0)
          OR COALESCE(r.amount, 0) <> IF(p.state = 'refunded', p.amount, 0)`,
    'room is kept for the refunds that may come': `
      SELECT w.id FROM wallet w WHERE w.refundable_in <>
        (SELECT COALESCE(SUM(amount), 0) FROM payment WHERE state = 'charged' AND payer_wallet_id = w.id)
         OR w.refundable_out <>
        (SELECT COALESCE(SUM(amount), 0) FROM payment WHERE state = 'charged' AND payee_wallet_id = w.id)`,
    'no outcome of a key is missing': 'SELECT id FROM idempotency WHERE outcome IS NULL',
  };
  const broken: Record<string, unknown[]> = {};
  for (const [promise, sql] of Object.entries(queries)) {
    const rows = await database.rows(sql);
    if (rows.length > 0) broken[promise] = rows;
  }
  return broken;
}
