import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from './commands';
import { readArguments } from './console/arguments';
import { Failure } from './console/failure';
import { createContainersRuntime } from './containers/containers-runtime';
import { homeAt, ROOT } from './machine/paths';
import { createNativeRuntime } from './native/native-runtime';

/** Runs the command that the command line names; exits the process if it fails. */
async function main(): Promise<void> {
  try {
    const args = readArguments(process.argv.slice(2));
    if (args.isHelp) return console.log(helpText());
    const command = Object.hasOwn(COMMANDS, args.command) ? COMMANDS[args.command] : undefined;
    if (!command) throw new Failure(`There is no command "${args.command}".\n\n${helpText()}`);
    const home = homeAt(args.home);
    const native = createNativeRuntime(home);
    const isNativeRunning = async () => (await native.status()) !== undefined;
    const runtime = args.isInContainers ? createContainersRuntime(home, { isNativeRunning }) : native;
    await command({ home, runtime }, args);
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exit(error instanceof Failure ? error.exitCode : 1);
  }
}

function helpText(): string {
  return readFileSync(join(ROOT, 'tools/souk/help.txt'), 'utf8').trimEnd();
}

void main();
