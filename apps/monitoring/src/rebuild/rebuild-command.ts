import { createDatabase, migrate } from '@souk/database';
import { AppError, ConfigError, createLogger, createMetrics, loadConfig } from '@souk/service';
import { configSchema, type Config } from '../config';
import { CONSUMER_NAMES, type ConsumerName } from '../consumer';
import { consumerFactories } from '../consumers';
import { createConsumerMetrics } from '../ingestion/consumer-metrics';
import { createWalletEvents } from '../ingestion/wallet-events';
import { migrations } from '../migrations';
import { createWebhookMetrics } from '../notifications/webhooks/webhook-metrics';
import { rebuild, type RebuildProgress } from './rebuild';

/** One statement per table deletes all derived data. */
const PATIENT_STATEMENT_MS = 3_600_000;
const TELL_EVERY_MS = 1_000;

/**
 * Rebuilds a consumer from the first event and prints its progress.
 * @param name as given on the command line
 * @returns the exit code of the process
 */
export async function rebuildCommand(name: string | undefined, env: NodeJS.ProcessEnv): Promise<number> {
  const known = CONSUMER_NAMES.find((each) => each === name);
  if (!known) {
    console.error(`Usage: rebuild ${CONSUMER_NAMES.join('|')}`);
    return 1;
  }
  try {
    const events = await run(loadConfig(configSchema, env), known);
    console.log(`${known} is rebuilt from ${events} events`);
    return 0;
  } catch (error) {
    const isForeseen = error instanceof ConfigError || error instanceof AppError;
    console.error(`${known} is not rebuilt:`, isForeseen ? error.message : error);
    console.error('Where the consumer runs, it goes on from what was applied; or run this again, it begins anew.');
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
  const patient = createDatabase({ ...options, poolSize: 1, statementTimeoutMs: PATIENT_STATEMENT_MS });
  const wallet = createWalletEvents(config.WALLET_ADDRESS);
  const consumer = consumerFactories[name]?.({ config, db, logger, webhookMetrics: createWebhookMetrics(metrics, db) });
  if (!consumer) throw new Error(`nothing is known of ${name}`);
  // New messages wait in the outbox until a running consumer publishes them.
  const outbox = { nudge: () => undefined };
  try {
    let events = 0;
    const tell = tellNowAndThen();
    await rebuild(
      { consumer, db, wallet, outbox, metrics: createConsumerMetrics(metrics), logger },
      patient,
      (progress) => {
        events = progress.events;
        tell(progress);
      },
    );
    return events;
  } finally {
    wallet.close();
    await Promise.all([db.close(), patient.close()]);
  }
}

function tellNowAndThen(): (progress: RebuildProgress) => void {
  const begun = Date.now();
  let toldAt = begun;
  return ({ events, position, lastPosition }) => {
    const now = Date.now();
    if (now - toldAt < TELL_EVERY_MS && position < lastPosition) return;
    toldAt = now;
    const rate = Math.round(events / Math.max(0.001, (now - begun) / 1_000));
    console.error(`${events} events, position ${position} of ${lastPosition}, ${rate}/s`);
  };
}
