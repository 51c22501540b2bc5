import { AppError, unavailable } from '@souk/service';

/** Deadlock found, lock wait timed out: the engine chose a victim; the same transaction may be run again. */
const LOCK_ERRORS = new Set([1213, 1205]);

/** A unique key holds such a row already. */
const DUPLICATE_KEY = 1062;

/** Server shutting down, too many connections, killed, read-only, out of disk space: nothing is wrong with the statement. */
const ENGINE_ERRORS = new Set([
  1053, 1040, 1927, 1317, 3169, 1290, 1836, 1021, 1114, 1203, 1226, 1045, 1044, 1049, 1129, 1130, 3024, 1969,
]);

interface DriverError {
  errno?: number;
  code?: string;
  fatal?: boolean;
}

const driverError = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

/** @returns whether the engine asks for the transaction to be run again */
export function isLockError(error: unknown): boolean {
  return LOCK_ERRORS.has(driverError(error).errno ?? 0);
}

/** @returns whether another transaction was first with a key: what this one read before it wrote is no longer so */
export function isDuplicateKey(error: unknown): boolean {
  return driverError(error).errno === DUPLICATE_KEY;
}

/**
 * Sorts what a driver threw: an engine that does not answer becomes `unavailable`; an `AppError` stays; anything else is a
 * fault of the statement or its data and stays as it is.
 */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { errno, code, fatal } = driverError(error);
  const isServerError = code?.startsWith('ER_') ?? false;
  const isEngineFault =
    ENGINE_ERRORS.has(errno ?? 0) ||
    LOCK_ERRORS.has(errno ?? 0) ||
    (code !== undefined && !isServerError) ||
    fatal === true;
  return isEngineFault || isClosedConnection(error) ? unavailable('the database', error) : error;
}

/** mysql2 rejects a command on a connection that just died with a plain `Error`. */
function isClosedConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /closed state|Connection lost|Pool is closed|Queue limit reached|No connections available/i.test(error.message)
  );
}

/** @returns whether, after this error, nobody knows what the connection is doing: not a server's answer to a statement */
export function isConnectionInDoubt(error: unknown): boolean {
  if (error instanceof AppError) return false;
  const { code, fatal } = driverError(error);
  return fatal === true || isClosedConnection(error) || (code !== undefined && !code.startsWith('ER_'));
}
