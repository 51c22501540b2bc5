import { backoffMs } from '@souk/service';
import type { Connection as CoreConnection } from 'mysql2';
import type { PoolConnection } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnections, type ConnectionsOptions } from './connection/connections';
import { createServerWatch, type ServerWatch } from './connection/server-watch';
import type { Server } from './connection/session';
import { formatStatement } from './connection/format-statement';
import { errorAction, isConnectionInDoubt, toDatabaseError } from './database-errors';
import { queryableBy } from './queryable-by';
import { MIGRATIONS_TABLE } from './schema/migrations-table';
import { outcomeUnknown, runTransaction, type StatementRunner, type Transaction } from './transaction';
import type { IncomingValue } from './upsert';

export interface DatabaseOptions extends ConnectionsOptions {
  statementTimeoutMs: number;
}

/** Runs one statement with `?` parameters; an array of arrays fills `VALUES ?`. */
export interface Queryable {
  /** @returns the rows of a SELECT */
  rows<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /**
   * @returns the number of affected rows (for an UPDATE, of matched rows)
   * @throws AppError `timeout` if the connection is lost before the response: the outcome is unknown
   */
  write(sql: string, parameters?: unknown[]): Promise<number>;
  /**
   * Inserts rows; if a row with the same key exists, updates that row instead.
   * @param into the table and its columns, such as `stock (id, quantity)`
   * @param assignments what to update; `overwrite('quantity')` takes the value that would have been inserted
   * @returns 1 for each inserted row, 2 for each updated one, 0 for each unchanged one
   * @throws as `write`
   */
  upsert(
    into: string,
    rows: readonly (readonly unknown[])[],
    assignments: (incoming: IncomingValue) => string,
  ): Promise<number>;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one READ COMMITTED transaction; anything thrown rolls it back. It runs again after a deadlock or a lock wait
   * timeout, and on another connection if its own leads to the wrong server, so `work` must have no effect outside the
   * transaction.
   * @throws AppError `unavailable` if the engine fails before the commit (nothing was done), `timeout` if it fails during the
   * commit (the outcome is unknown)
   */
  transaction<T>(work: (tx: Transaction) => T | Promise<T>): Promise<T>;
  /**
   * Runs `work` on a consistent snapshot of all schemas. The snapshot takes no row locks and refuses writes. `work` is never
   * rerun.
   */
  snapshot<T>(work: (tx: Pick<Queryable, 'rows'>) => Promise<T>): Promise<T>;
  /**
   * Checks that a write would succeed, with an UPDATE that matches no row and so writes no log.
   * @throws AppError `unavailable` if it wouldn't, for example on a read-only server
   */
  ping(): Promise<void>;
  poolUse(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
}

/** Maximum number of attempts, by the action that an error calls for. */
const TRIES_MAX = { rerun: 5, reconnect: 2, wait: 1 };
const RETRY_BACKOFF = { initialMs: 5, maxMs: 100 };
const BEGIN_SNAPSHOT = [
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', // of the next transaction only
  'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
];
const PING_TIMEOUT_MS = 1_500;
/** Fails wherever a write would, even on a Galera node outside the primary component, which still executes SELECT 1. */
const NO_WRITE = `UPDATE ${MIGRATIONS_TABLE} SET batch = batch WHERE 1 = 0`;

/** A pool of connections to one schema. Connects on first use, so the engine may come up later. */
export function createDatabase(options: DatabaseOptions): Database {
  const watch = createServerWatch(options.url, () => connections.renew());
  const connections = createConnections(options, watch.run);
  const runnerOn = (connection: PoolConnection, timeoutMs = options.statementTimeoutMs) =>
    createRunner(connection, timeoutMs, watch.run, connections.server());
  const queryableOn = (connection: PoolConnection, timeoutMs?: number) => queryable(runnerOn(connection, timeoutMs));

  const onConnection = async <T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> => {
    const connection = await connections.acquire();
    try {
      const result = await work(connection);
      connection.release();
      return result;
    } catch (error) {
      const isWrongServer = errorAction(error) === 'reconnect';
      if (isWrongServer) connections.renew();
      // A connection in doubt (timed out, cut) may still be busy with the old statement, so it never returns to the pool.
      if (isWrongServer || isConnectionInDoubt(error)) connection.destroy();
      else connection.release();
      throw error;
    }
  };

  const writeWithRetries = (work: (connection: Queryable) => Promise<number>) =>
    withRetries(() =>
      onConnection((connection) => work(queryableOn(connection))).catch((error: unknown) => {
        throw isConnectionInDoubt(error) ? outcomeUnknown(error) : error;
      }),
    );

  return {
    rows: (sql, parameters) =>
      withRetries(() => onConnection((connection) => queryableOn(connection).rows(sql, parameters))),
    write: (sql, parameters) => writeWithRetries((connection) => connection.write(sql, parameters)),
    upsert: (into, rows, assignments) => writeWithRetries((connection) => connection.upsert(into, rows, assignments)),
    transaction: (work) =>
      withRetries(() => onConnection((connection) => runTransaction(connection, runnerOn(connection), work))),
    snapshot: (work) =>
      onConnection((connection) => runInSnapshot(connection, queryableOn(connection), work)).catch((error: unknown) => {
        throw toDatabaseError(error);
      }),
    ping: async () => {
      const timeoutMs = Math.min(PING_TIMEOUT_MS, options.statementTimeoutMs);
      await withRetries(() => onConnection((connection) => queryableOn(connection, timeoutMs).write(NO_WRITE)));
    },
    poolUse: connections.use,
    close: () => {
      watch.stop();
      return connections.close();
    },
  };
}

async function runInSnapshot<T>(
  connection: PoolConnection,
  snapshot: Queryable,
  work: (snapshot: Queryable) => Promise<T>,
): Promise<T> {
  for (const sql of BEGIN_SNAPSHOT) await snapshot.write(sql);
  const end = () => snapshot.write('ROLLBACK').catch(() => connection.destroy());
  try {
    const result = await work(snapshot);
    await end();
    return result;
  } catch (error) {
    if (!isConnectionInDoubt(error)) await end();
    throw error;
  }
}

/** Runs `run`, again after errors that call for it. @throws AppError, or an error in the statement or its data */
async function withRetries<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const action = errorAction(error);
      if (!action || attempt >= TRIES_MAX[action]) throw toDatabaseError(error);
      if (action === 'rerun') await delay(backoffMs(RETRY_BACKOFF, attempt));
    }
  }
}

function createRunner(
  { connection }: PoolConnection,
  timeout: number,
  watched: ServerWatch['run'],
  { isMariaDb }: Server,
): StatementRunner {
  // The promise API would capture a stack trace for each statement, and doesn't report the results one by one.
  const core = connection as unknown as CoreConnection;
  const runOnce = (statements: readonly string[], onWritten?: () => void) =>
    new Promise<unknown[]>((resolve, reject) => {
      const command = core.query({ sql: statements.join(';\n'), timeout }, (error, result) => {
        if (error) reject(error);
        else resolve(statements.length === 1 ? [result] : (result as unknown[]));
      });
      if (onWritten) command.on('result', onWritten);
    });
  return {
    isMariaDb,
    format: (sql, parameters = []) => {
      if (sql.includes(';')) throw new Error(`not a single statement: ${sql}`);
      return formatStatement(sql, parameters);
    },
    run: (statements, onWritten) => watched(() => runOnce(statements, onWritten)),
  };
}

/** Runs each statement in a round trip of its own. */
const queryable = (runner: StatementRunner): Queryable =>
  queryableBy(async (sql, parameters) => (await runner.run([runner.format(sql, parameters)]))[0], runner.isMariaDb);
