import { createDatabase, migrate } from '@souk/database';
import { grpcCredentials } from '@souk/grpc';
import { AppError, ConfigError, createLogger, createMetrics, loadConfig } from '@souk/service';
import { configSchema, type Config } from '../config';
import { CONSUMER_NAMES, type ConsumerName } from '../consumer';
import { consumerFactories } from '../consumer-factories';
import { createConsumerMetrics } from '../ingestion/consumer-metrics';
import { createWalletEvents } from '../ingestion/wallet-events';
import { migrations } from '../migrations';
import { createWebhookMetrics } from '../notifications/webhooks/webhook-metrics';
import { rebuild, type RebuildProgress } from './rebuild';

/** A single statement deletes all rows of a table. */
const DELETE_TIMEOUT_MS = 3_600_000;
const PROGRESS_INTERVAL_MS = 1_000;

/**
 * Rebuilds a consumer from the first event and prints its progress.
 * @param argument the name of the consumer, as given on the command line
 * @returns the exit code of the process
 */
export async function rebuildCommand(argument: string | undefined, env: NodeJS.ProcessEnv): Promise<number> {
  const name = CONSUMER_NAMES.find((consumerName) => consumerName === argument);
  if (!name) {
    console.error(`Usage: rebuild ${CONSUMER_NAMES.join('|')}`);
    return 1;
  }
  try {
    const events = await run(loadConfig(configSchema, env), name);
    console.log(`${name} was rebuilt from ${events} events`);
    return 0;
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof AppError;
    console.error(`${name} was not rebuilt:`, isExpected ? error.message : error);
    console.error(
      'If the consumer is running, it completes the rebuild. Running this command again starts from the beginning.',
    );
    return 1;
  }
}

async function run(config: Config, name: ConsumerName): Promise<number> {
  const logger = createLogger('monitoring', 'warn');
  const metrics = createMetrics('monitoring');
  const options = {
    url: config.MONITORING_DATABASE_URL,
    poolSize: config.DATABASE_POOL,
    acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
  };
  await migrate(options.url, migrations);
  const db = createDatabase({ ...options, statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS });
  const deletionDb = createDatabase({ ...options, poolSize: 1, statementTimeoutMs: DELETE_TIMEOUT_MS });
  const wallet = createWalletEvents({ address: config.WALLET_ADDRESS, ...grpcCredentials(config) });
  const consumer = consumerFactories[name]?.({ config, db, logger, webhookMetrics: createWebhookMetrics(metrics, db) });
  if (!consumer) throw new Error(`there is no consumer ${name}`);
  // New messages wait in the outbox until a running consumer publishes them.
  const outbox = { nudge: () => undefined };
  try {
    let events = 0;
    const printProgress = createProgressPrinter();
    await rebuild(
      { consumer, db, wallet, outbox, metrics: createConsumerMetrics(metrics), logger },
      deletionDb,
      (progress) => {
        events = progress.events;
        printProgress(progress);
      },
    );
    return events;
  } finally {
    wallet.close();
    await Promise.all([db.close(), deletionDb.close()]);
  }
}

/** @returns a function that prints the progress at intervals and at the end */
function createProgressPrinter(): (progress: RebuildProgress) => void {
  const startedAt = Date.now();
  let printedAt = startedAt;
  return ({ events, position, lastPosition }) => {
    const now = Date.now();
    if (now - printedAt < PROGRESS_INTERVAL_MS && position < lastPosition) return;
    printedAt = now;
    const rate = Math.round(events / Math.max(0.001, (now - startedAt) / 1_000));
    console.error(`${events} events, position ${position} of ${lastPosition}, ${rate}/s`);
  };
}
