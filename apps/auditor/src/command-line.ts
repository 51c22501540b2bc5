import { parseArgs } from 'node:util';

export const USAGE = `Usage: audit [--json]

Checks every promise of the ledger and the shop on the live databases, and changes nothing: it reads one snapshot, takes no
locks, and may run at any time.

  --json    one JSON document instead of lines
  --help

Exit code 0: nothing is broken; 1: something is; 2: the databases could not be asked.`;

export interface Options {
  isJson: boolean;
  isHelp: boolean;
}

/** @throws TypeError naming an option that there isn't */
export function readCommandLine(args: string[]): Options {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  return { isJson: values.json ?? false, isHelp: values.help ?? false };
}
