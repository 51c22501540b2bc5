import { transactionsExchange, WALLET_API_DESCRIPTION } from '@souk/contracts';
import { migrateWhenUp, openDatabase, type Database } from '@souk/database';
import { createGrpcServer, eventService, implementService, paymentService } from '@souk/grpc';
import { createHttpApp, problemFailures } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher } from '@souk/messaging';
import { every, retryWithBackoff, unavailable, AppError, type App, type AppContext, type Logger } from '@souk/service';
import { createAccountStore, type AccountStore } from './accounts/account-store';
import { merchantAccountsOf, openMerchantAccounts } from './accounts/open-merchant-accounts';
import { KEY_KEPT_DAYS, type Config } from './config';
import { eventHandlers } from './events/event-rpc';
import { purgeKeys } from './ledger/idempotency';
import { createLane, type Lane } from './ledger/lane';
import { createLaneMetrics } from './ledger/lane-metrics';
import { migrations } from './migrations';
import { paymentHandlers } from './payments/payment-rpc';
import { bindRoutes } from './routes';

const PURGE_INTERVAL_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Backoff for opening the merchant accounts, in case the database goes down at that point. */
const MERCHANT_BACKOFF = { initialMs: 200, maxMs: 2_000 };

/** What the routes and the gRPC handlers work on. */
export interface WalletParts {
  lane: Lane;
  accounts: AccountStore;
  db: Database;
}

export interface WalletApp extends App {
  parts: WalletParts;
  /** The port of the Wallet API, once started. */
  port(): number;
}

/** Creates the adapters and wires them together. */
export function buildApp(config: Config, { logger, metrics }: AppContext): WalletApp {
  const db = openDatabase(config.WALLET_DATABASE_URL, config, metrics);
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'wallet-api', logger });
  const outbox = createOutboxRelay(db, createPublisher(broker, logger, [transactionsExchange]), logger);
  const answerKeptMs = config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS;
  const lane = createLane({ db, outbox, answerKeptMs, metrics: createLaneMetrics(metrics), logger });
  const parts: WalletParts = { lane, accounts: createAccountStore(db), db };

  let isReady = false;
  const requireReady = () => {
    if (!isReady) throw unavailable('the wallet');
  };
  const { http, grpc } = createServers(config, { logger, metrics }, parts, requireReady);

  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  let listening: Promise<void> | undefined;
  let purge: ReturnType<typeof every> | undefined;

  const work = async () => {
    await prepareDatabase(config, logger, parts, stopping.signal);
    if (stopping.signal.aborted) return;
    isReady = true;
    logger.info('the schema is up to date');
    // Listens only now, because callers spread their calls over all replicas that listen.
    listening = grpc.start();
    await listening;
    if (stopping.signal.aborted) return;
    outbox.start();
    broker.start();
    purge = every(PURGE_INTERVAL_MS, 'the purge of idempotency keys', logger, () =>
      purgeKeys(db, KEY_KEPT_DAYS + Math.ceil(config.IDEMPOTENCY_ANSWER_HOURS / 24)),
    );
  };

  return {
    parts,
    start: async () => {
      // HTTP starts first: until the database is available, requests get 503 and the service is not ready.
      await http.start();
      working = work().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      stopping.abort();
      await listening?.catch(() => undefined);
      await Promise.all([http.stop(), grpc.stop()]);
      await working;
      await purge?.stop();
      await lane.drain();
      await outbox.stop();
      await broker.stop();
      await db.close();
    },
    port: http.port,
  };
}

/** @param requireReady throws `unavailable` until the wallet is ready */
function createServers(
  config: Config,
  { logger, metrics }: AppContext,
  { lane, accounts, db }: WalletParts,
  requireReady: () => void,
) {
  // The broker isn't checked: without it money still moves, and the events wait in the outbox.
  const checks = {
    database: async () => {
      requireReady();
      await db.ping();
    },
  };
  const grpc = createGrpcServer({
    // Anyone who can connect can charge, so gRPC may listen on an internal address while HTTP listens on a public one.
    host: config.GRPC_BIND ?? config.SOUK_BIND,
    port: config.GRPC_PORT,
    services: [
      implementService(paymentService, paymentHandlers({ lane, db })),
      implementService(eventService, eventHandlers({ db })),
    ],
    checks,
    logger,
    metrics,
  });
  const http = createHttpApp({
    host: config.SOUK_BIND,
    port: config.PORT,
    service: WALLET_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics,
    checks,
    adminKey: config.ADMIN_API_KEY,
    corsOrigins: config.CORS_ORIGINS,
    inFlightMax: config.IN_FLIGHT_MAX,
    shutdownDelayMs: config.SHUTDOWN_DELAY_MS,
    apiLinks: config.API_LINKS,
  });
  bindRoutes(http, { lane, accounts, requireReady });
  return { http, grpc };
}

/** Migrates the schema and opens the merchant accounts, as soon as the database is available. */
async function prepareDatabase(
  config: Config,
  logger: Logger,
  { db, lane }: WalletParts,
  signal: AbortSignal,
): Promise<void> {
  await migrateWhenUp(config.WALLET_DATABASE_URL, migrations, { logger, signal });
  await retryWithBackoff(() => openMerchantAccounts({ db, lane }, merchantAccountsOf(config)), {
    ...MERCHANT_BACKOFF,
    attemptsMax: Infinity,
    signal,
    shouldRetry: (error) => error instanceof AppError && error.retryable,
  });
}
