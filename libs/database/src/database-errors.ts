import { AppError, unavailable } from '@souk/service';
import { engineFault, type FaultAction } from './engine-faults';

/** A unique key holds such a row already. */
const DUPLICATE_KEY = 1062;

/** The driver's codes for a connection that ended; its other codes mean that it doesn't know what became of the statement. */
const LOST_CONNECTION = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'ECONNABORTED', 'EPIPE']);

interface DriverError {
  errno?: number;
  code?: string;
  fatal?: boolean;
  /** A text in what the server answered, absent in what the driver found out itself. */
  sqlState?: string;
}

const driverError = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

/** @returns whether another transaction was first with a key: what this one read before it wrote is no longer so */
export function isDuplicateKey(error: unknown): boolean {
  return driverError(error).errno === DUPLICATE_KEY;
}

/**
 * @returns what an error of a statement calls for: what the server answered, `reconnect` for a connection that was lost, and
 * undefined for a fault in the data and for a server that fell silent
 */
export function faultAction(error: unknown): FaultAction | undefined {
  if (LOST_CONNECTION.has(driverError(error).code ?? '') || isClosedConnection(error)) return 'reconnect';
  return engineFault(driverError(error).errno ?? 0)?.action;
}

/** @returns whether this answer to COMMIT says that the transaction was rolled back */
export function isRolledBack(error: unknown): boolean {
  return !isConnectionInDoubt(error) && (engineFault(driverError(error).errno ?? 0)?.isRolledBack ?? false);
}

/**
 * Sorts what a driver threw: an engine that doesn't answer, or can't do the work, becomes `unavailable`; an `AppError`
 * stays; anything else is a fault of the statement or its data and stays as it is.
 */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  return faultAction(error) || isConnectionInDoubt(error) ? unavailable('the database', error) : error;
}

/** mysql2 rejects a command on a connection that just died with a plain `Error`. */
function isClosedConnection(error: unknown): boolean {
  return error instanceof Error && /closed state|Connection lost|Pool is closed/i.test(error.message);
}

/** @returns whether, after this error, the state of the connection is unknown: it isn't a server's answer to a statement */
export function isConnectionInDoubt(error: unknown): boolean {
  if (error instanceof AppError) return false;
  const { code, fatal, sqlState } = driverError(error);
  return fatal === true || isClosedConnection(error) || (code !== undefined && sqlState === undefined);
}
