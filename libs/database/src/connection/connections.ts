import { unavailable } from '@souk/service';
import mysql, { type Pool, type PoolConnection } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionOptions, setUpSession, type Server } from './session';

/** Runs an operation that waits for the server. */
type Run = <T>(work: () => Promise<T>) => Promise<T>;

export interface ConnectionsOptions {
  /** `mysql://user:password@host:port/schema` */
  url: string;
  poolSize: number;
  acquireTimeoutMs: number;
  /** Older connections are replaced before their next use; default: 5 minutes */
  connectionAgeMaxMs?: number;
}

/** A bounded pool of connections with prepared sessions. */
export interface Connections {
  /** @throws AppError `unavailable` */
  acquire(): Promise<PoolConnection>;
  /** The pool's server; known once a connection has been acquired. */
  server(): Server;
  /** Replaces each current connection before its next use. Call it when connections lead to the wrong server. */
  renew(): void;
  use(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
}

/** Bounds how long a demoted server is used after a failover that causes no error. */
const AGE_MAX_MS = 300_000;
/** Spreads the replacement of connections in a pool and across replicas. */
const AGE_SPREAD = 0.2;
const WAITING_MAX = 1_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** @param run runs each wait for a connection, including the opening of a new one */
export function createConnections(options: ConnectionsOptions, run: Run): Connections {
  const { acquireTimeoutMs } = options;
  // No `idleTimeout`: mysql2 ignores it if `maxIdle` equals the limit, as by default. The age limits idle connections too.
  const pool = mysql.createPool({
    ...connectionOptions(options.url),
    multipleStatements: true, // so that statements of a transaction share round trips; semicolons are refused
    connectionLimit: options.poolSize,
    queueLimit: WAITING_MAX,
  });
  const ages = createConnectionAges(options.connectionAgeMaxMs ?? AGE_MAX_MS);
  let server: Server | undefined;

  const setUp = async (connection: PoolConnection, openedAt: number) => {
    try {
      server = await setUpSession(connection, acquireTimeoutMs);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    ages.add(connection, openedAt);
  };

  const takeConnection = async (): Promise<PoolConnection> => {
    for (;;) {
      const requestedAt = performance.now();
      const connection = await pool.getConnection();
      if (ages.isFresh(connection)) return connection;
      if (!ages.has(connection)) {
        await setUp(connection, requestedAt);
        return connection;
      }
      connection.destroy();
    }
  };

  return {
    acquire: () => acquireWithin(acquireTimeoutMs, takeConnection, run),
    server: () => server!,
    renew: ages.renew,
    use: () => useOf(pool),
    close: () => closeInTime(pool),
  };
}

/**
 * Takes a connection; one that arrives too late goes back to the pool.
 * @throws AppError `unavailable`
 */
async function acquireWithin(
  timeoutMs: number,
  take: () => Promise<PoolConnection>,
  run: Run,
): Promise<PoolConnection> {
  let pending: Promise<PoolConnection> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no free connection within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([run(() => (pending = take())), timedOut]);
  } catch (error) {
    pending?.then(
      (connection) => connection.release(),
      () => undefined,
    );
    throw unavailable('the database', error); // whatever the reason, nothing was done
  } finally {
    clearTimeout(timer);
  }
}

/** The ages of connections with a prepared session. */
function createConnectionAges(ageMaxMs: number) {
  const lifetimes = new WeakMap<object, { openedAt: number; expiresAt: number }>();
  let renewedAt = -Infinity;
  return {
    add: ({ connection }: PoolConnection, openedAt: number) => {
      lifetimes.set(connection, { openedAt, expiresAt: openedAt + ageMaxMs * (1 - AGE_SPREAD * Math.random()) });
    },
    has: ({ connection }: PoolConnection) => lifetimes.has(connection),
    isFresh: ({ connection }: PoolConnection) => {
      const lifetime = lifetimes.get(connection);
      return lifetime !== undefined && performance.now() < lifetime.expiresAt && lifetime.openedAt > renewedAt;
    },
    renew: () => {
      renewedAt = performance.now();
    },
  };
}

/** The driver's types omit its lists of connections. */
function useOf(pool: Pool): ReturnType<Connections['use']> {
  const inner = pool.pool as unknown as Record<
    '_allConnections' | '_freeConnections' | '_connectionQueue',
    { length: number }
  >;
  return {
    total: inner._allConnections.length,
    idle: inner._freeConnections.length,
    waiting: inner._connectionQueue.length,
  };
}

/** A hanging server never responds to the close. */
async function closeInTime(pool: Pool): Promise<void> {
  const closing = new AbortController();
  const tooLate = delay(CLOSE_TIMEOUT_MS, undefined, { signal: closing.signal });
  await Promise.race([pool.end(), tooLate]).catch(() => undefined);
  closing.abort();
}
