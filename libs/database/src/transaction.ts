import { AppError } from '@souk/service';
import type { PoolConnection } from 'mysql2/promise';
import { isConnectionInDoubt, isRolledBack } from './database-errors';
import type { Queryable } from './database';
import { queryableBy } from './queryable-by';
import { upsertStatement, type IncomingValue } from './upsert';

/**
 * Runs the statements of one transaction. Statements submitted in the same turn of the event loop share a round trip; the server
 * runs them in order. After the first error, the transaction runs no further statements.
 */
export interface Transaction extends Queryable {
  /** Runs a write whose outcome `work` doesn't need. It is sent with the next statement or with COMMIT. */
  defer(sql: string, parameters?: unknown[]): void;
  /** Like `upsert`, but deferred. */
  deferUpsert(
    into: string,
    rows: readonly (readonly unknown[])[],
    assignments: (incoming: IncomingValue) => string,
  ): void;
}

/** Runs statements on a connection. */
export interface StatementRunner {
  isMariaDb: boolean;
  format(sql: string, parameters?: unknown[]): string;
  /**
   * Runs formatted statements in one round trip. Stops at the first one that fails.
   * @param onWritten called after each successful write
   * @returns the result of each statement
   */
  run(statements: readonly string[], onWritten?: () => void): Promise<unknown[]>;
}

interface WaitingStatement {
  sql: string;
  resolve?(result: unknown): void;
  reject?(error: unknown): void;
}

/** Far below the packet size that servers accept by default. */
const ROUND_TRIP_CHARS_MAX = 2_000_000;

/** COMMIT failed, or its outcome is unknown. */
class CommitFailed extends Error {
  override readonly name = 'CommitFailed';
}

export const outcomeUnknown = (cause: unknown) =>
  new AppError('timeout', 'TIMEOUT', 'The database did not confirm; the outcome is unknown', { cause });

/** Runs `work` in a transaction on this connection. Anything thrown rolls it back. */
export async function runTransaction<T>(
  connection: PoolConnection,
  runner: StatementRunner,
  work: (tx: Transaction) => T | Promise<T>,
): Promise<T> {
  const { tx, commit, rollBack } = openTransaction(runner);
  try {
    const result = await work(tx);
    await commit();
    return result;
  } catch (error) {
    if (error instanceof CommitFailed) {
      connection.destroy();
      throw isRolledBack(error.cause) ? error.cause : outcomeUnknown(error.cause);
    }
    // Destroying a connection in doubt rolls back too; a ROLLBACK would wait behind the hanging statement.
    if (!isConnectionInDoubt(error)) await rollBack().catch(() => connection.destroy());
    throw error;
  }
}

function openTransaction(runner: StatementRunner) {
  const queue = createStatementQueue(runner);
  const tx: Transaction = {
    ...queryableBy(queue.submit, runner.isMariaDb),
    defer: queue.defer,
    deferUpsert: (into, rows, assignments) => queue.defer(upsertStatement(runner.isMariaDb, into, assignments), [rows]),
  };
  return {
    tx,
    commit: async () => {
      const lastWrites = await queue.drain();
      if (queue.hasBegun()) await commitWith(runner, lastWrites);
    },
    rollBack: async () => {
      const failure = await queue.discard();
      // ROLLBACK would wait behind the hanging statement, without a time limit.
      if (failure && isConnectionInDoubt(failure.error)) throw failure.error;
      if (queue.hasBegun()) await runner.run(['ROLLBACK']);
    },
  };
}

/** The statements of a transaction that are waiting for the next round trip. The first one is BEGIN. */
function createStatementQueue(runner: StatementRunner) {
  const waiting: WaitingStatement[] = [{ sql: 'BEGIN' }];
  let hasBegun = false;
  let failure: { error: unknown } | undefined;
  let hasEnded = false;
  let sending: Promise<void> | undefined;

  const sendRoundTrip = async () => {
    const statements = takeRoundTrip(waiting);
    if (statements.length === 0) return;
    hasBegun = true;
    failure = await runTogether(runner, statements);
    if (failure) for (const { reject } of waiting.splice(0)) reject?.(failure.error);
  };

  const send = async () => {
    do {
      // Lets other statements submitted in the same turn of the event loop join.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      await sendRoundTrip();
    } while (waiting.some(({ resolve }) => resolve));
    sending = undefined;
  };

  return {
    submit: (sql: string, parameters?: unknown[]) =>
      new Promise<unknown>((resolve, reject) => {
        if (failure) throw failure.error;
        if (hasEnded) throw new Error('the transaction has ended');
        waiting.push({ sql: runner.format(sql, parameters), resolve, reject });
        sending ??= send();
      }),
    defer: (sql: string, parameters?: unknown[]) => {
      waiting.push({ sql: runner.format(sql, parameters) });
    },
    hasBegun: () => hasBegun,
    /**
     * Waits for submitted statements, and sends deferred ones until the rest fits into one round trip. A transaction without
     * statements never begins.
     * @returns the remaining statements, to be sent with COMMIT
     */
    drain: async (): Promise<string[]> => {
      await sending;
      while (!failure && charsOf(waiting) > ROUND_TRIP_CHARS_MAX && waiting.length > 1) await sendRoundTrip();
      if (failure) throw failure.error;
      hasBegun ||= waiting.length > 1;
      hasEnded = true;
      return waiting.splice(0).map(({ sql }) => sql);
    },
    /** Drops waiting statements, and waits for those in flight. */
    discard: async () => {
      hasEnded = true;
      for (const { reject } of waiting.splice(0)) reject?.(new Error('the transaction has ended'));
      await sending;
      return failure;
    },
  };
}

/** Runs statements in one round trip. @returns the error that all of them are rejected with, if one failed */
async function runTogether(
  runner: StatementRunner,
  statements: readonly WaitingStatement[],
): Promise<{ error: unknown } | undefined> {
  try {
    const results = await runner.run(statements.map(({ sql }) => sql));
    statements.forEach(({ resolve }, index) => resolve?.(results[index]));
    return undefined;
  } catch (error) {
    for (const { reject } of statements) reject?.(error);
    return { error };
  }
}

const charsOf = (statements: readonly WaitingStatement[]) => statements.reduce((sum, { sql }) => sum + sql.length, 0);

/** Removes the leading statements that fit into one round trip; at least one, if there are any. */
function takeRoundTrip(waiting: WaitingStatement[]): WaitingStatement[] {
  let chars = 0;
  const end = waiting.findIndex(({ sql }, index) => (chars += sql.length) > ROUND_TRIP_CHARS_MAX && index > 0);
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

/**
 * Sends the last writes with COMMIT.
 * @throws CommitFailed, or the error of a write if the server didn't reach COMMIT
 */
async function commitWith(runner: StatementRunner, writes: readonly string[]): Promise<void> {
  let writtenCount = 0;
  try {
    await runner.run([...writes, 'COMMIT'], () => writtenCount++);
  } catch (error) {
    if (writtenCount < writes.length && !isConnectionInDoubt(error)) throw error;
    throw new CommitFailed('COMMIT failed', { cause: error });
  }
}
