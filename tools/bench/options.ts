import { SCENARIO_NAMES, type ScenarioName } from './scenario-names';

export interface Options {
  scenarios: ScenarioName[];
  /** Seconds per measurement. */
  seconds: number;
  /** Replaces the connections of every case; undefined keeps them. */
  connections: number | undefined;
  rounds: number;
  /** An earlier `results.json` to compare with. */
  compareWith: string | undefined;
  isHelp: boolean;
}

export const HELP = `Usage: npm run bench -- [OPTIONS]

Builds Souk, starts a private system, and measures it and hand-written floors in alternation. A floor does the same work on the
same engines, and nothing else. Prints a table and writes docs/benchmarks/.

  adds, checkouts, deposits    Souk and its floors
  transfers                    Souk only: transfers between wallets drawn from Zipf distributions with exponents 1 and 2
  flash-sale                   Souk only: 512 customers check out at once, with stock for half of them. The run fails if the number of
                               completed orders isn't exactly the stock

  --scenario NAME     ${SCENARIO_NAMES.join(', ')}; may be repeated or a comma-separated list (default: all)
  --seconds N         seconds per measurement (default: 8)
  --connections N     connections of every case (default: each case has its own); flash-sale always has 512
  --rounds N          rounds (default: 3)
  --compare FILE      prints the change of each ratio since an earlier results.json
  --help              prints this text
`;

const SECONDS_MAX = 3_600;
const CONNECTIONS_MAX = 1_000;
const ROUNDS_MAX = 100;

/** @throws Error that says which argument is wrong */
export function parseOptions(args: readonly string[]): Options {
  const options: Options = {
    scenarios: [],
    seconds: 8,
    connections: undefined,
    rounds: 3,
    compareWith: undefined,
    isHelp: false,
  };
  const rest = args.flatMap((arg) => (/^--[a-z]+=/.test(arg) ? splitOnce(arg) : [arg]));
  while (rest.length > 0) {
    const option = rest.shift()!;
    if (option === '--help') options.isHelp = true;
    else if (option === '--scenario') options.scenarios.push(...parseScenarios(valueOf(option, rest)));
    else if (option === '--seconds') options.seconds = parseInteger(option, valueOf(option, rest), SECONDS_MAX);
    else if (option === '--connections')
      options.connections = parseInteger(option, valueOf(option, rest), CONNECTIONS_MAX);
    else if (option === '--rounds') options.rounds = parseInteger(option, valueOf(option, rest), ROUNDS_MAX);
    else if (option === '--compare') options.compareWith = valueOf(option, rest);
    else throw new Error(`Unknown argument: ${option}. See --help`);
  }
  const chosen = new Set(options.scenarios);
  return { ...options, scenarios: SCENARIO_NAMES.filter((name) => chosen.size === 0 || chosen.has(name)) };
}

function splitOnce(arg: string): [string, string] {
  const end = arg.indexOf('=');
  return [arg.slice(0, end), arg.slice(end + 1)];
}

function valueOf(option: string, rest: string[]): string {
  const value = rest.shift();
  if (!value || value.startsWith('--')) throw new Error(`${option} needs a value`);
  return value;
}

function parseInteger(option: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max)
    throw new Error(`${option} must be an integer from 1 to ${max}, not ${text}`);
  return value;
}

function parseScenarios(list: string): ScenarioName[] {
  return list.split(',').map((text) => {
    const scenario = SCENARIO_NAMES.find((name) => name === text.trim());
    if (!scenario) throw new Error(`There is no scenario ${text}; there are ${SCENARIO_NAMES.join(', ')}`);
    return scenario;
  });
}
