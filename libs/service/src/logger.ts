import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard output. Keys and passwords never reach the log, also when an object with one is logged whole. */
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

/** What an error says, and nothing it carries: drivers attach whole statements with customers' data. */
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
