import { parseArgs } from 'node:util';

export const USAGE = `Usage: audit [--json]

Checks every promise about the ledger, the shop and the cash machines on the live data, and changes nothing. It reads one
snapshot of the databases and then the journals of the machines. It takes no locks and can run at any time.

  --json    print one JSON document instead of lines
  --help

Exit code 0: nothing is broken; 1: something is broken; 2: the databases, or the store of the machines, could not be read.`;

interface Options {
  isJson: boolean;
  isHelp: boolean;
}

/** @throws TypeError naming an unknown option */
export function readCommandLine(args: string[]): Options {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  return { isJson: values.json ?? false, isHelp: values.help ?? false };
}
