const LEVELS: Record<number, string> = { 10: 'TRACE', 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };
const ERROR_LEVEL = 50;
/** Fields that are shown differently, or are the same in every line of a process. */
const HIDDEN_FIELDS = new Set(['time', 'level', 'msg', 'err', 'name', 'pid', 'hostname']);
/** ANSI colours of the apps; red is reserved for errors. */
const APP_COLOURS = [36, 32, 33, 34, 35, 96, 92];
const RED = 31;

interface LoggedError {
  type?: string;
  message?: string;
  stack?: string;
  cause?: LoggedError;
}

interface LogEntry {
  time: string;
  level: number;
  msg?: string;
  err?: LoggedError;
}

/** Renders one log line of an app's process. */
export type LogView = (app: string, processName: string, line: string) => string;

/**
 * Renders pino's JSON for people: the time in UTC, the level, the message and the other fields; then the stack of an error. Any
 * other text stays as it is. Each line is prefixed with the name of its process.
 * @param apps each gets a colour of its own
 */
export function createLogView(
  apps: readonly string[],
  { hasColours, nameWidth }: { hasColours: boolean; nameWidth: number },
): LogView {
  const paint = (colour: number | undefined, text: string) =>
    hasColours && colour ? `\x1b[${colour}m${text}\x1b[0m` : text;

  const renderEntry = (entry: LogEntry): string[] => {
    const level = (LEVELS[entry.level] ?? String(entry.level)).padEnd(5);
    const fields = Object.entries(entry).filter(([name]) => !HIDDEN_FIELDS.has(name));
    const head = [
      entry.time.slice('YYYY-MM-DDT'.length),
      entry.level >= ERROR_LEVEL ? paint(RED, level) : level,
      entry.msg ?? '',
      ...fields.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`),
    ];
    return [head.join(' '), ...(entry.err ? describeError(entry.err) : [])];
  };

  return (app, processName, line) => {
    const entry = parseEntry(line);
    const prefix = paint(APP_COLOURS[apps.indexOf(app) % APP_COLOURS.length], `${processName.padEnd(nameWidth)} |`);
    return (entry ? renderEntry(entry) : [line]).map((part) => `${prefix} ${part}`).join('\n');
  };
}

function parseEntry(line: string): LogEntry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<LogEntry> | null;
    return typeof entry?.time === 'string' && typeof entry.level === 'number' ? (entry as LogEntry) : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of an error's stack, and of its causes. */
function describeError({ type, message, stack, cause }: LoggedError): string[] {
  const lines = (stack ?? `${type}: ${message}`).split('\n');
  if (!cause) return lines;
  const [first, ...others] = describeError(cause);
  return [...lines, `caused by ${first}`, ...others];
}
