import { createAccess } from '@souk/access';
import { transactionsExchange, WALLET_API_DESCRIPTION } from '@souk/contracts';
import { openOwnedSchema, startPurge, type Database, type OwnedSchema } from '@souk/database';
import { createGrpcServer, eventService, grpcCredentials, implementService, paymentService } from '@souk/grpc';
import { createHttpApp, httpOptionsOf, problemFailures } from '@souk/http';
import { createBroker, createOutboxRelay, createPublisher } from '@souk/messaging';
import { AppError, retryWithBackoff, type App, type AppContext } from '@souk/service';
import { createAccountStore, type AccountStore } from './accounts/account-store';
import { merchantAccountsOf, openMerchantAccounts } from './accounts/open-merchant-accounts';
import { KEY_KEPT_DAYS, type Config } from './config';
import { eventHandlers } from './events/event-rpc';
import { createLane, type Lane } from './ledger/lane';
import { createLaneMetrics } from './ledger/lane-metrics';
import { migrations } from './migrations';
import { paymentHandlers } from './payments/payment-rpc';
import { bindRoutes } from './routes';

const HOUR_MS = 3_600_000;
/** Backoff for opening the merchant accounts, in case the database goes down at that point. */
const MERCHANT_BACKOFF = { initialMs: 200, maxMs: 2_000 };

/** The parts that the routes and the gRPC handlers use. */
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
  const schema = openOwnedSchema({
    url: config.WALLET_DATABASE_URL,
    migrations,
    settings: config,
    logger,
    metrics,
    name: 'the wallet',
  });
  const { db } = schema;
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'wallet-api', logger });
  const outbox = createOutboxRelay(db, createPublisher(broker, logger, { sendsTo: [transactionsExchange] }), logger);
  const answerKeptMs = config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS;
  const lane = createLane({ db, outbox, answerKeptMs, metrics: createLaneMetrics(metrics), logger });
  const parts: WalletParts = { lane, accounts: createAccountStore(db), db };

  const { http, grpc } = createServers(config, { logger, metrics }, parts, schema);

  const stopping = new AbortController();
  let startFinished: Promise<void> | undefined;
  let grpcStarted: Promise<void> | undefined;
  let purge: ReturnType<typeof startPurge> | undefined;

  const finishStart = async () => {
    await schema.bringUp(stopping.signal, () => prepareAccounts(config, parts, stopping.signal));
    if (stopping.signal.aborted) return;
    // Listens only now, because callers spread their calls over all replicas that listen.
    grpcStarted = grpc.start();
    await grpcStarted;
    if (stopping.signal.aborted) return;
    outbox.start();
    broker.start();
    purge = startPurge(db, 'idempotency', KEY_KEPT_DAYS * 24 + config.IDEMPOTENCY_ANSWER_HOURS, logger);
  };

  return {
    parts,
    start: async () => {
      // HTTP starts first: until the database is available, requests get 503 and the service is not ready.
      await http.start();
      startFinished = finishStart().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    },
    stop: async () => {
      stopping.abort();
      await grpcStarted?.catch(() => undefined);
      await Promise.all([http.stop(), grpc.stop()]);
      await startFinished;
      await purge?.stop();
      await lane.drain();
      await outbox.stop();
      await broker.stop();
      await db.close();
    },
    port: http.port,
  };
}

function createServers(
  config: Config,
  { logger, metrics }: AppContext,
  { lane, accounts, db }: WalletParts,
  schema: Pick<OwnedSchema, 'check' | 'requireReady'>,
) {
  // The broker isn't checked: without it money still moves, and the events wait in the outbox.
  const checks = { database: schema.check };
  const grpc = createGrpcServer({
    // gRPC may listen on an internal address while HTTP listens on a public one.
    host: config.GRPC_BIND ?? config.SOUK_BIND,
    port: config.GRPC_PORT,
    ...grpcCredentials(config),
    services: [
      implementService(paymentService, paymentHandlers({ lane, db })),
      implementService(eventService, eventHandlers({ db })),
    ],
    checks,
    logger,
    metrics,
  });
  const http = createHttpApp({
    ...httpOptionsOf(config),
    service: WALLET_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics,
    checks,
    access: createAccess(config, { logger, metrics }),
  });
  bindRoutes(http, { lane, accounts, requireReady: schema.requireReady });
  return { http, grpc };
}

async function prepareAccounts(config: Config, parts: WalletParts, signal: AbortSignal): Promise<void> {
  await retryWithBackoff(() => openMerchantAccounts(parts, merchantAccountsOf(config)), {
    ...MERCHANT_BACKOFF,
    attemptsMax: Infinity,
    signal,
    shouldRetry: (error) => error instanceof AppError && error.retryable,
  });
}
