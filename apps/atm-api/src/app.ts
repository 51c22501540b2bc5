import { createAccess } from '@souk/access';
import { ATM_API_DESCRIPTION } from '@souk/contracts';
import { createWalletClient, grpcCredentials } from '@souk/grpc';
import { createHttpApp, httpOptionsOf, problemFailures } from '@souk/http';
import type { App, AppContext, Logger } from '@souk/service';
import { createAtmMetrics } from './atm-metrics';
import { KEY_KEPT_DAYS, type Config } from './config';
import { createLane } from './machine/lane';
import { fillMachine, type Machine } from './machine/machine';
import { bindRoutes } from './routes';
import { createFileStore } from './store/file-store';
import type { MachineStore } from './store/machine-store';
import { createRedisStore } from './store/redis-store';
import { startSettler } from './withdrawals/settler';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long the outcomes of requests without a key are kept. */
const UNKEYED = { unkeyedMs: 60_000, unkeyedOpenMs: DAY_MS };
/** How long a repeated withdrawal from an account waits for the first to settle. */
const JOIN_MS = 5_000;
/** Added to the payment timeout to get the lease of a withdrawal; leaves time for the write to the store. */
const LEASE_MARGIN_MS = 5_000;

interface AtmApp extends App {
  /** The port of the ATM API, once started. */
  port(): number;
}

/** Overrides for tests. */
interface Overrides {
  redisKeyPrefix?: string;
  leaseMarginMs?: number | undefined;
}

/** Creates every adapter once and wires them up. */
export function buildApp(
  config: Config,
  { logger, metrics: registry }: AppContext,
  { redisKeyPrefix, leaseMarginMs = LEASE_MARGIN_MS }: Overrides = {},
): AtmApp {
  const metrics = createAtmMetrics(registry);
  const store = createStore(config, logger, redisKeyPrefix);
  const nowMs = Date.now;
  const answerMs = config.IDEMPOTENCY_ANSWER_HOURS * HOUR_MS;
  const retention = { answerMs, keyMs: answerMs + KEY_KEPT_DAYS * DAY_MS, ...UNKEYED };
  const machines = new Map(
    [...config.ATM_MACHINES].map(([machineId, settings]): [string, Machine] => {
      const lane = createLane({ machineId, settings, store, retention, metrics, nowMs });
      return [machineId, { id: machineId, settings, lane }];
    }),
  );
  const timeoutMs = config.PAYMENT_TIMEOUT_MS;
  const wallet = config.WALLET_ADDRESS
    ? createWalletClient({ address: config.WALLET_ADDRESS, ...grpcCredentials(config), timeoutMs, caller: 'atm-api' })
    : undefined;
  const leaseMs = timeoutMs + leaseMarginMs;

  const http = createHttpApp({
    ...httpOptionsOf(config),
    service: ATM_API_DESCRIPTION,
    format: problemFailures,
    logger,
    metrics: registry,
    // The wallet isn't checked: withdrawals without an account don't need it.
    checks: { store: () => store.ping() },
    access: createAccess(config, { logger, metrics: registry }),
  });
  const accountWithdrawals = wallet && { store, wallet, leaseMs, joinMs: JOIN_MS, logger, nowMs };
  bindRoutes(http, { machines, store, accountWithdrawals, metrics, allowsLegacyGet: config.ATM_LEGACY_GET });

  let settler: ReturnType<typeof startSettler> | undefined;
  return {
    start: async () => {
      await store.open();
      // Fills new machines before the first request if the store is reachable; otherwise the settler does it later.
      await Promise.allSettled([...machines.values()].map(fillMachine));
      await http.start();
      const ttlMs = config.WITHDRAWAL_TTL * 1_000;
      settler = startSettler({ machines, store, wallet, ttlMs, leaseMs, metrics, logger, nowMs });
    },
    stop: async () => {
      await http.stop();
      await settler?.stop();
      for (const { lane } of machines.values()) await lane.drain();
      wallet?.close();
      await store.close();
    },
    port: http.port,
  };
}

function createStore(config: Config, logger: Logger, keyPrefix: string | undefined): MachineStore {
  if (config.ATM_STORE === 'file') return createFileStore(config.ATM_DIRECTORY, [...config.ATM_MACHINES.keys()]);
  return createRedisStore({ logger, url: config.REDIS_URL!, ...(keyPrefix && { keyPrefix }) });
}
