import { transactionsExchange } from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import type { LedgerEvent } from '@souk/grpc';
import { createBroker, createPublisher, type Publisher } from '@souk/messaging';
import { createLogger, createMetrics } from '@souk/service';
import { createTestBroker, createTestDatabase, eventually, type TestBroker, type TestDatabase } from '@souk/testing';
import { randomBytes } from 'node:crypto';
import { buildApp, type MonitoringApp } from '../src/app';
import { configSchema, type Config } from '../src/config';
import type { AccountEvent, Consumer } from '../src/consumer';
import type { IngestionDeps } from '../src/ingestion/apply-events';
import { createConsumerMetrics } from '../src/ingestion/consumer-metrics';
import { createWalletEvents } from '../src/ingestion/wallet-events';
import { migrations } from '../src/migrations';
import { messageOf, startTestLedger, type TestLedger } from './test-ledger';

export const CONSUMER = 'analytics';

export interface TestMonitoring {
  database: TestDatabase;
  broker: TestBroker;
  ledger: TestLedger;
  publisher: Publisher;
  /** The settings of a replica. */
  config: Config;
  /** Dependencies for calling the use cases directly. */
  deps: IngestionDeps;
  publish(events: readonly LedgerEvent[]): Promise<void>;
  /** Starts a replica with its own connection to the broker. */
  startReplica(settings?: Partial<Config>, wrapConsumer?: (consumer: Consumer) => Consumer): Promise<MonitoringApp>;
  /** The applied events, in the order in which they were applied. */
  recorded(): Promise<Recorded[]>;
  stop(): Promise<void>;
}

interface Recorded {
  account_id: string;
  sequence: number;
  transaction_id: string;
  amount: number;
  is_first: number;
}

/** @returns a consumer that inserts a row for each event it applies; the table accepts duplicates */
export function recordingConsumer(): Consumer {
  return {
    name: CONSUMER,
    apply: async (tx, events) => {
      const row = ({ accountId, sequence, transactionId, amount, isFirst }: AccountEvent) => [
        ...[accountId, sequence, transactionId, amount, isFirst ? 1 : 0],
      ];
      await tx.write('INSERT INTO recorded (account_id, sequence, transaction_id, amount, is_first) VALUES ?', [
        events.map(row),
      ]);
      return [];
    },
    forget: async (tx) => {
      await tx.write('DELETE FROM recorded');
    },
  };
}

/** Starts a test database, a test broker, a ledger and a publisher for one test file, whose tests start the replicas. */
export async function startTestMonitoring(purpose: string): Promise<TestMonitoring> {
  const [database, broker, ledger] = await Promise.all([
    createTestDatabase(purpose),
    createTestBroker(purpose),
    startTestLedger(),
  ]);
  await migrate(database.url, migrations);
  await database.rows(`CREATE TABLE recorded (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, account_id VARCHAR(36) NOT NULL, sequence BIGINT NOT NULL,
    transaction_id CHAR(36) NOT NULL, amount BIGINT NOT NULL, is_first TINYINT NOT NULL)`);
  const logger = createLogger('test', 'silent');
  const walletBroker = createBroker({ url: broker.url, name: 'test-wallet', logger });
  const publisher = createPublisher(walletBroker, logger, { sendsTo: [transactionsExchange] });
  walletBroker.start();
  await eventually(() => walletBroker.ping());
  const config = configOf({ database, broker, ledger });
  const db: Database = createDatabase({
    url: database.url,
    poolSize: 4,
    acquireTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
  });
  const wallet = createWalletEvents({ address: ledger.address });
  const metrics = createConsumerMetrics(createMetrics('test'));
  const consumer = recordingConsumer();
  const runningApps = new Set<MonitoringApp>();

  return {
    ...{ database, broker, ledger, publisher, config },
    deps: { consumer, db, wallet, outbox: { nudge: () => undefined }, metrics, logger },
    publish: (events) => publisher.publish(events.map(messageOf)),
    startReplica: async (settings = {}, wrapConsumer = (inner) => inner) => {
      const app = buildApp(
        { ...config, ...settings },
        { logger, metrics: createMetrics('test') },
        { [CONSUMER]: () => wrapConsumer(recordingConsumer()) },
      );
      await app.start();
      runningApps.add(app);
      await eventually(async () => {
        const response = await fetch(`http://127.0.0.1:${app.port()}/readyz`);
        if (response.status !== 200) throw new Error(await response.text());
      });
      return { ...app, stop: () => (runningApps.delete(app) ? app.stop() : Promise.resolve()) };
    },
    recorded: () => database.rows<Recorded>('SELECT * FROM recorded ORDER BY id'),
    stop: async () => {
      for (const app of runningApps) await app.stop();
      wallet.close();
      await Promise.all([walletBroker.stop(), ledger.stop(), db.close()]);
      await Promise.all([database.drop(), broker.drop()]);
    },
  };
}

function configOf({ database, broker, ledger }: Pick<TestMonitoring, 'database' | 'broker' | 'ledger'>): Config {
  const parsed = configSchema.parse({
    ...{ MONITORING_DATABASE_URL: database.url, RABBITMQ_URL: broker.url, WALLET_ADDRESS: ledger.address },
    ...{ CONSUMERS: CONSUMER, CATCH_UP_INTERVAL: 3_600, LOG_LEVEL: 'silent' },
    WEBHOOK_SECRET_KEY: randomBytes(32).toString('base64'),
  });
  return { ...parsed, PORT: 0 };
}

/** @returns the applied sequences of each account, in the order in which they were applied */
export async function appliedSequences({ recorded }: TestMonitoring): Promise<Record<string, number[]>> {
  const applied: Record<string, number[]> = {};
  for (const { account_id, sequence } of await recorded()) (applied[account_id] ??= []).push(sequence);
  return applied;
}

/** @returns the sequences of each account in the ledger */
export function ledgerSequences({ ledger }: TestMonitoring): Record<string, number[]> {
  const sequencesByAccount: Record<string, number[]> = {};
  for (const { accountId, sequence } of ledger.events().flatMap(({ entries }) => entries))
    (sequencesByAccount[accountId] ??= []).push(sequence);
  for (const sequences of Object.values(sequencesByAccount)) sequences.sort((a, b) => a - b);
  return sequencesByAccount;
}
