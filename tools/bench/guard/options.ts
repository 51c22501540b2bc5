export const HELP = `Usage: npm run bench:guard -- [OPTIONS]

Fails if an operation of Souk costs more than 15 % more CPU time than before. Builds Souk, starts a private system, and the floors
on engines of their own. Sends both the same operations at the same time: waves of 64 adds, checkouts or deposits, at a fixed rate.
Divides the CPU-seconds of Souk's apps and engines by those of the floor and its engines, takes the median over the rounds, and
compares it with tools/bench/guard/baseline.json. Takes about two minutes.

A case fails if its median is more than 15 % worse than the baseline and at least three quarters of its rounds are worse than the
baseline. The second condition only matters on a noisy machine. A case that would fail is first measured again, with twice as many
rounds, and all rounds decide. More than 15 % better is only reported.

The comparison is skipped, with exit code 0, on systems without /proc, and if the number of cores or a major version of Node.js or
of an engine differs from the baseline's. A case is skipped if the floor itself needs 30 % more or less CPU time than it did for
the baseline: then the machine is too different, or too busy.

  --accept            measures twice as many rounds, and writes them as the new baseline
  --help              prints this text
`;

export interface GuardOptions {
  isAccepting: boolean;
  isHelp: boolean;
}

/** @throws Error that names an unknown argument */
export function parseGuardOptions(args: readonly string[]): GuardOptions {
  const unknown = args.find((arg) => arg !== '--accept' && arg !== '--help');
  if (unknown !== undefined) throw new Error(`Unknown argument: ${unknown}. See --help`);
  return { isAccepting: args.includes('--accept'), isHelp: args.includes('--help') };
}
