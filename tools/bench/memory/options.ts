export interface MemoryOptions {
  minutes: number;
  isHelp: boolean;
}

export const HELP = `Usage: npm run bench:memory -- [OPTIONS]

Shows whether Souk's processes need more and more memory under a steady load.

Builds Souk, starts a private system, and measures the maximum rates of adds and of checkouts. Then sends both at fixed rates that
together use 80 % of the capacity: 40 % of each maximum. Reads the resident memory and the used heap of
every process every 10 s. Prints how both have grown since the warm-up, which is the first two minutes, or the first fifth of a
run of less than ten minutes. Writes docs/benchmarks/memory.md.

Only reports the results; there are no thresholds.

  --minutes N         minutes of load, including the warm-up (default: 15)
  --help              prints this text
`;

const MINUTES_DEFAULT = 15;
const MINUTES_MAX = 1_440;

/** @throws Error that says which argument is wrong */
export function parseMemoryOptions(args: readonly string[]): MemoryOptions {
  const options: MemoryOptions = { minutes: MINUTES_DEFAULT, isHelp: false };
  const rest = args.flatMap((arg) => (arg.startsWith('--minutes=') ? arg.split('=') : [arg]));
  while (rest.length > 0) {
    const option = rest.shift()!;
    if (option === '--help') options.isHelp = true;
    else if (option === '--minutes') options.minutes = parseMinutes(rest.shift());
    else throw new Error(`Unknown argument: ${option}. See --help`);
  }
  return options;
}

function parseMinutes(text = ''): number {
  const value = Number(text);
  if (!/^[1-9]\d*$/.test(text) || value > MINUTES_MAX)
    throw new Error(`--minutes must be an integer from 1 to ${MINUTES_MAX}, not ${text || 'nothing'}`);
  return value;
}
