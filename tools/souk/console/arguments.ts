import { parseArgs } from 'node:util';
import { Failure, messageOf } from './failure';

/** The parsed command line. */
export interface Arguments {
  command: string;
  /** The arguments after the command. */
  names: string[];
  home: string | undefined;
  isInContainers: boolean;
  withFreePorts: boolean;
  withSeed: boolean;
  withTls: boolean;
  /** Settings to write into the home's settings file. */
  overrides: Record<string, string>;
  /** The pid of a process: when it has ended, the system is stopped and removed. */
  parent: number | undefined;
  isEnginesOnly: boolean;
  isFollowed: boolean;
  isConfirmed: boolean;
  isJson: boolean;
  /** Options that are passed on to an app, by name. */
  options: Record<string, string>;
  isHelp: boolean;
}

/** Options of `keys`. */
const APP_OPTIONS = ['scopes', 'title', 'expires-in', 'overlap'] as const;

/** @throws Failure naming the option that is unknown or malformed */
export function readArguments(argv: string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [command = 'up', ...names] = positionals;
  return {
    command,
    names,
    home: values.home,
    isInContainers: (values.docker ?? false) && !values.native,
    withFreePorts: values['free-ports'] ?? false,
    withSeed: !values['no-seed'],
    withTls: values.tls ?? false,
    overrides: Object.fromEntries((values.env ?? []).map(readPair)),
    parent: values.parent === undefined ? undefined : readPid(values.parent),
    isEnginesOnly: values['engines-only'] ?? false,
    isFollowed: values.follow ?? false,
    isConfirmed: values.yes ?? false,
    isJson: values.json ?? false,
    options: Object.fromEntries(
      APP_OPTIONS.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
    ),
    isHelp: (values.help ?? false) || command === 'help',
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        docker: { type: 'boolean' },
        native: { type: 'boolean' },
        home: { type: 'string' },
        'free-ports': { type: 'boolean' },
        'no-seed': { type: 'boolean' },
        tls: { type: 'boolean' },
        env: { type: 'string', multiple: true },
        parent: { type: 'string' },
        'engines-only': { type: 'boolean' },
        follow: { type: 'boolean', short: 'f' },
        yes: { type: 'boolean', short: 'y' },
        json: { type: 'boolean' },
        scopes: { type: 'string' },
        title: { type: 'string' },
        'expires-in': { type: 'string' },
        overlap: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Failure(`${messageOf(error).split('. ')[0]}. See --help.`);
  }
}

function readPair(pair: string): [string, string] {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(pair);
  if (!match?.[1]) throw new Failure(`--env needs KEY=VALUE, not "${pair}".`);
  return [match[1], match[2] ?? ''];
}

function readPid(text: string): number {
  if (!/^\d+$/.test(text)) throw new Failure(`--parent needs the id of a process, not "${text}".`);
  return Number(text);
}
