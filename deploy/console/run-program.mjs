// @ts-check
import { homeAt } from '../machine/paths.mjs';
import { readArguments } from './arguments.mjs';
import { Failure, messageOf } from './failure.mjs';
import { USAGE } from './usage.mjs';

/**
 * Runs the command that the command line names; exits the process if it fails.
 *
 * @param {Record<string, (home: import('../machine/paths.mjs').Home, args: import('./arguments.mjs').Arguments) => Promise<void>>} commands
 * @param {(error: unknown) => number} [exitCodeOf]
 */
export async function runProgram(commands, exitCodeOf = () => 1) {
  try {
    const args = readArguments(process.argv.slice(2));
    const run = commands[args.command];
    if (args.isHelp) console.log(USAGE);
    else if (!run) throw new Failure(`There is no command "${args.command}".\n\n${USAGE}`);
    else await run(homeAt(args.home), args);
  } catch (error) {
    console.error(error instanceof Failure ? messageOf(error) : error);
    process.exit(exitCodeOf(error));
  }
}
