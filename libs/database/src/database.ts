import { AppError, backoffMs, unavailable } from '@souk/service';
import mysql, { type Pool, type PoolConnection } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import { isConnectionInDoubt, isLockError, toDatabaseError } from './database-errors';

export interface DatabaseOptions {
  /** `mysql://user:password@host:port/schema` */
  url: string;
  poolSize: number;
  acquireTimeoutMs: number;
  statementTimeoutMs: number;
}

/** Runs one statement with `?` parameters; an array of arrays fills `VALUES ?`. */
export interface Queryable {
  /** @returns the rows of a SELECT */
  rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** @returns how many rows the statement touched (matched, for an UPDATE) */
  write(sql: string, parameters?: unknown[]): Promise<number>;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one READ COMMITTED transaction; anything thrown rolls it back. A deadlock or a lock wait that timed out
   * runs it again, at most `TRANSACTION_TRIES_MAX` times: `work` has no effect outside of the transaction.
   * @throws AppError `unavailable` when the engine fails before the commit (nothing was done), `timeout` when it fails
   * during it (the outcome is unknown)
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Runs `work` on what all schemas held at one moment. It takes no locks of rows, a write in it is refused, and it is not
   * run again.
   */
  snapshot<T>(work: (tx: Pick<Queryable, 'rows'>) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
  poolUse(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
}

export const TRANSACTION_TRIES_MAX = 5;
const RETRY_BACKOFF = { initialMs: 5, maxMs: 100 };
const SNAPSHOT = [
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', // of the next transaction alone
  'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
];
const PING_TIMEOUT_MS = 1_500;
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5",
];

/** A bounded pool of connections to one schema. Connects when first used, so the engine may come up later. */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = mysql.createPool({
    uri: options.url,
    connectionLimit: options.poolSize,
    maxIdle: options.poolSize,
    idleTimeout: 60_000,
    queueLimit: 1_000,
    connectTimeout: 3_000,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    enableKeepAlive: true,
  });
  pool.on('connection', (connection) => {
    // Queued ahead of the first statement. Without them no promise holds, so then there is no connection.
    for (const sql of SESSION)
      (connection as unknown as { query(sql: string, done: (error: unknown) => void): void }).query(sql, (error) => {
        if (error) connection.destroy();
      });
  });

  const withConnection = async <T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> => {
    const connection = await acquire(pool, options.acquireTimeoutMs);
    try {
      const result = await work(connection);
      connection.release();
      return result;
    } catch (error) {
      // A connection in doubt (timed out, cut) may still be busy with the old statement: it never goes back to the pool.
      if (isConnectionInDoubt(error)) connection.destroy();
      else connection.release();
      throw toDatabaseError(error);
    }
  };

  const once = <T>(work: (tx: Queryable) => Promise<T>, begin: readonly string[] = ['BEGIN']) =>
    withConnection(async (connection) => {
      const tx = queryable(connection, options.statementTimeoutMs);
      for (const sql of begin) await tx.write(sql);
      let result: T;
      try {
        result = await work(tx);
      } catch (error) {
        // A connection in doubt is destroyed, which rolls back too; a ROLLBACK would wait behind what hangs.
        if (!isConnectionInDoubt(error)) await tx.write('ROLLBACK').catch(() => connection.destroy());
        throw error;
      }
      try {
        await tx.write('COMMIT');
      } catch (error) {
        connection.destroy();
        throw new AppError('timeout', 'TIMEOUT', 'The database did not confirm; the outcome is unknown', {
          cause: error,
        });
      }
      return result;
    });

  return {
    rows: (sql, parameters) =>
      withConnection((connection) => queryable(connection, options.statementTimeoutMs).rows(sql, parameters)),
    write: (sql, parameters) =>
      withConnection((connection) => queryable(connection, options.statementTimeoutMs).write(sql, parameters)),
    transaction: async (work) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work);
        } catch (error) {
          const cause = error instanceof AppError && error.kind === 'unavailable' ? error.cause : error;
          if (!isLockError(cause) || attempt >= TRANSACTION_TRIES_MAX) throw error;
          await delay(backoffMs(RETRY_BACKOFF, attempt));
        }
      }
    },
    snapshot: (work) => once(work, SNAPSHOT),
    ping: async () => {
      // Not the protocol's ping: that has no time-out, and a silent server would keep the pool's connections one by one.
      const timeoutMs = Math.min(PING_TIMEOUT_MS, options.statementTimeoutMs);
      await withConnection((connection) => queryable(connection, timeoutMs).rows('SELECT 1'));
    },
    poolUse: () => {
      const inner = pool.pool as unknown as Record<
        '_allConnections' | '_freeConnections' | '_connectionQueue',
        { length: number }
      >;
      return {
        total: inner._allConnections.length,
        idle: inner._freeConnections.length,
        waiting: inner._connectionQueue.length,
      };
    },
    close: () => pool.end().catch(() => undefined), // an engine that is silent can not be taken leave of
  };
}

function queryable(connection: PoolConnection, timeout: number): Queryable {
  return {
    rows: async <Row>(sql: string, values: unknown[] = []) =>
      (await connection.query({ sql, values, timeout }))[0] as Row[],
    write: async (sql, values = []) =>
      ((await connection.query({ sql, values, timeout }))[0] as { affectedRows: number }).affectedRows,
  };
}

async function acquire(pool: Pool, timeoutMs: number): Promise<PoolConnection> {
  const pending = pool.getConnection();
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('the database')), timeoutMs);
  });
  try {
    return await Promise.race([pending, timedOut]);
  } catch (error) {
    pending.then(
      (late) => late.release(),
      () => undefined,
    );
    throw toDatabaseError(error);
  } finally {
    clearTimeout(timer);
  }
}
