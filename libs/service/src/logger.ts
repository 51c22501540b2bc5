import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard output. Keys and passwords never reach the log, also when an object with one is logged whole. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    redact: ['password', '*.password', 'headers.authorization', 'headers["x-api-key"]', '*.headers.authorization'],
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
