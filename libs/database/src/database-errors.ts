import { AppError, unavailable } from '@souk/service';
import { engineErrorOf, type ErrorAction } from './connection/engine-errors';

/** A row with the same unique key already exists. */
const DUPLICATE_KEY = 1062;
const UNKNOWN_COLUMN = 1054;

/** The driver's codes for a lost connection. Its other codes mean that the outcome of the statement is unknown. */
const LOST_CONNECTION = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'ECONNABORTED', 'EPIPE']);

interface DriverError {
  errno?: number;
  code?: string;
  fatal?: boolean;
  /** Present in the server's errors, absent in the driver's own. */
  sqlState?: string;
}

const driverError = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

/** @returns whether another transaction inserted the key first, so the rows that this one read before its write are outdated */
export function isDuplicateKey(error: unknown): boolean {
  return driverError(error).errno === DUPLICATE_KEY;
}

/** @returns whether a statement names a column that doesn't exist */
export function isUnknownColumn(error: unknown): boolean {
  return driverError(error).errno === UNKNOWN_COLUMN;
}

/**
 * @returns how to react to a statement's error: the action of `engineErrorOf` for a server error, `reconnect` for a lost
 * connection, undefined for an error in the data or a silent server
 */
export function errorAction(error: unknown): ErrorAction | undefined {
  if (LOST_CONNECTION.has(driverError(error).code ?? '') || isClosedConnection(error)) return 'reconnect';
  return engineErrorOf(driverError(error).errno ?? 0)?.action;
}

/** @returns whether this error of a COMMIT means that the transaction was rolled back */
export function isRolledBack(error: unknown): boolean {
  return !isConnectionInDoubt(error) && (engineErrorOf(driverError(error).errno ?? 0)?.isRolledBack ?? false);
}

/**
 * Classifies a driver's error. If the engine doesn't respond or can't do the work, the error becomes `unavailable`. An
 * `AppError`, or an error in the statement or its data, is returned unchanged.
 */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  return errorAction(error) || isConnectionInDoubt(error) ? unavailable('the database', error) : error;
}

/** mysql2 rejects a command on a connection that just died with a plain `Error`. */
function isClosedConnection(error: unknown): boolean {
  return error instanceof Error && /closed state|Connection lost|Pool is closed/i.test(error.message);
}

/** @returns whether the connection is in an unknown state because this error isn't the server's response to a statement */
export function isConnectionInDoubt(error: unknown): boolean {
  if (error instanceof AppError) return false;
  const { code, fatal, sqlState } = driverError(error);
  return fatal === true || isClosedConnection(error) || (code !== undefined && sqlState === undefined);
}
