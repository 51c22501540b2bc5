import { transactionsExchange, WALLET_API_DESCRIPTION } from '@souk/contracts';
import { openOwnedSchema, startPurge, type Database } from '@souk/database';
import { createGrpcServer, eventService, implementService, paymentService } from '@souk/grpc';
import { createHttpApp, problemFailures } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher } from '@souk/messaging';
import { AppError, retryWithBackoff, type App, type AppContext } from '@souk/service';
import { createAccountStore, type AccountStore } from './accounts/account-store';
import { houseAccountsOf, openHouseAccounts } from './accounts/open-house-accounts';
import { KEY_KEPT_DAYS, type Config } from './config';
import { eventHandlers } from './events/event-rpc';
import { createLane, type Lane } from './ledger/lane';
import { migrations } from './migrations';
import { paymentHandlers } from './payments/rpc';
import { bindRoutes } from './routes';
import { createWalletMetrics } from './wallet-metrics';

const HOUR_MS = 3_600_000;
/** Backoff for opening the house accounts, in case the database goes down at that point. */
const HOUSE_BACKOFF = { initialMs: 200, maxMs: 2_000 };

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
export function buildApp(config: Config, { logger, metrics: registry }: AppContext): WalletApp {
  const schema = openOwnedSchema({
    url: config.WALLET_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics: registry,
    name: 'the wallet',
  });
  const { db } = schema;
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'wallet-api', logger });
  const outbox = createOutboxRelay(db, createPublisher(broker, logger, [transactionsExchange]), logger);
  const answerKeptMs = config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS;
  const lane = createLane({ db, outbox, answerKeptMs, metrics: createWalletMetrics(registry), logger });

  // The broker isn't checked: without it money still moves, and the events wait in the outbox.
  const checks = { database: schema.check };
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
    metrics: registry,
  });
  const http = createHttpApp({
    host: config.SOUK_BIND,
    port: config.PORT,
    service: WALLET_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics: registry,
    checks,
    adminKey: config.ADMIN_API_KEY,
    corsOrigins: config.CORS_ORIGINS,
    inFlightMax: config.IN_FLIGHT_MAX,
    shutdownDelayMs: config.SHUTDOWN_DELAY_MS,
    apiLinks: config.API_LINKS,
  });
  const accounts = createAccountStore(db);
  bindRoutes(http, { lane, accounts, requireReady: schema.requireReady });

  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  let listening: Promise<void> | undefined;
  let purge: ReturnType<typeof startPurge> | undefined;

  const work = async () => {
    await schema.bringUp(stopping.signal, () =>
      retryWithBackoff(() => openHouseAccounts({ db, lane }, houseAccountsOf(config)), {
        ...HOUSE_BACKOFF,
        attemptsMax: Infinity,
        signal: stopping.signal,
        shouldRetry: (error) => error instanceof AppError && error.retryable,
      }),
    );
    if (stopping.signal.aborted) return;
    // Listens only now, because callers spread their calls over all replicas that listen.
    listening = grpc.start();
    await listening;
    if (stopping.signal.aborted) return;
    outbox.start();
    broker.start();
    purge = startPurge(db, 'idempotency', KEY_KEPT_DAYS * 24 + config.IDEMPOTENCY_ANSWER_HOURS, logger);
  };

  return {
    parts: { lane, accounts, db },
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
