import { parseArgs } from 'node:util';

export const USAGE = `Usage: audit [--json]

Checks every promise of the ledger, the shop and the cash machines where they live, and changes nothing: it reads one snapshot
of the databases, then the journals of the machines, takes no locks, and may run at any time.

  --json    one JSON document instead of lines
  --help

Exit code 0: nothing is broken; 1: something is; 2: the databases, or the store of the machines, could not be asked.`;

export interface Options {
  isJson: boolean;
  isHelp: boolean;
}

/** @throws TypeError naming an unknown option */
export function readCommandLine(args: string[]): Options {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  return { isJson: values.json ?? false, isHelp: values.help ?? false };
}
