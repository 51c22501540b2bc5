export const HELP = `Usage: npm run bench:guard -- [OPTIONS]

Fails if an operation of Souk costs over 15 % more CPU time than before. Takes about four minutes.

Builds Souk, starts a private system, and starts the floors on separate engines. Sends the same operations to both sides at the
same time: waves of 64 adds, checkouts or deposits, at a fixed rate. Divides the CPU-seconds of Souk's apps and engines by those of
the floor and its engines, and compares the ratio with tools/bench/guard/baseline.json, a median over many rounds.

A case is worse if more than three quarters of its rounds are over 15 % above the baseline. Rounds scatter by about 20 %, so
increases of 35 % are always found and those of 15 to 30 % only sometimes. A case that is worse is measured again with another
system and twice as many rounds, which takes some minutes more, and fails if it is worse again. A case whose median is more than 15 % better is only reported.

The comparison is skipped, with exit code 0, on systems without /proc, and if the number of cores or the major version of Node.js or
of an engine differs from the baseline. A case is skipped if the floor needs over 30 % more or less CPU time than in the baseline,
because then the machine is too different, or too busy.

  --accept            measures twice as many rounds, and writes the result as the new baseline
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
