import { SCALES, type Scale } from './shape';

const TASKS = ['measure', 'explain', 'purge'] as const;

export interface GrowthOptions {
  task: (typeof TASKS)[number];
  scale: Scale;
  /** The folder of the private system. If undefined, a new one is created, and removed at the end. */
  home: string | undefined;
  seconds: number;
  rounds: number;
  /** Size of the database's buffer pool while measuring, in MiB; if undefined, the size in `deploy/mysql`. */
  bufferPoolMib: number | undefined;
  /** Only cases whose name contains this are measured. */
  caseName: string | undefined;
  isHelp: boolean;
}

export const HELP = `Usage: npm run bench:growth -- [TASK] [OPTIONS]

Fills a private system with customers, orders and transactions, and measures it.

  measure         measures the rates and latencies of changes and reads, side by side with a second system at scale 1 (default)
  explain         writes docs/performance-explains.md, which shows how the database runs every statement
  purge           measures the rates and latencies while expired idempotency keys are being deleted, and while they aren't

  --scale N       ${SCALES.join(', ')} (default: 10)
                  100 has 500,000 customers and 1,000,000 orders, and takes about half an hour to fill
  --home FOLDER   keeps the system of scale N in this folder for the next run; without this option, it is removed at the end
  --seconds N     seconds per measurement (default: 5)
  --rounds N      number of rounds (default: 2)
  --case TEXT     measures only the cases whose name contains TEXT, such as 'deposits with a key'
  --buffer-pool N size of each database's buffer pool while measuring, in MiB (default: the size in deploy/mysql)
  --help          prints this text
`;

/** @throws Error that says which argument is wrong */
export function parseGrowthOptions(args: readonly string[]): GrowthOptions {
  const options: GrowthOptions = {
    ...{ task: 'measure', scale: 10, home: undefined, seconds: 5, rounds: 2 },
    ...{ bufferPoolMib: undefined, caseName: undefined },
    isHelp: false,
  };
  const rest = [...args];
  while (rest.length > 0) {
    const option = rest.shift()!;
    const task = TASKS.find((name) => name === option);
    if (task) options.task = task;
    else if (option === '--help') options.isHelp = true;
    else if (option === '--scale') options.scale = parseNumber(option, rest, SCALES) as Scale;
    else if (option === '--home') options.home = valueOf(option, rest);
    else if (option === '--case') options.caseName = valueOf(option, rest);
    else if (option === '--seconds') options.seconds = parseNumber(option, rest);
    else if (option === '--rounds') options.rounds = parseNumber(option, rest);
    else if (option === '--buffer-pool') options.bufferPoolMib = parseNumber(option, rest);
    else throw new Error(`Unknown argument: ${option}. See --help`);
  }
  return options;
}

function valueOf(option: string, rest: string[]): string {
  const value = rest.shift();
  if (!value || value.startsWith('--')) throw new Error(`${option} needs a value`);
  return value;
}

function parseNumber(option: string, rest: string[], allowed?: readonly number[]): number {
  const text = valueOf(option, rest);
  const value = Number(text);
  if (!/^[1-9]\d*$/.test(text) || (allowed && !allowed.includes(value)))
    throw new Error(
      `${option} must be ${allowed ? `one of ${allowed.join(', ')}` : 'a positive integer'}, not ${text}`,
    );
  return value;
}
