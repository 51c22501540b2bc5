// @ts-check
import { parseArgs } from 'node:util';
import { Failure, messageOf } from './failure.mjs';

/**
 * The parsed command line.
 *
 * @typedef {object} Arguments
 * @property {string} command
 * @property {string[]} names what follows the command
 * @property {string | undefined} home
 * @property {boolean} withFreePorts
 * @property {boolean} withSeed
 * @property {Record<string, string>} overrides
 * @property {number} [parent]
 * @property {boolean} isEnginesOnly
 * @property {boolean} isFollowed
 * @property {boolean} isConfirmed
 * @property {boolean} isJson
 * @property {boolean} isHelp
 */

/**
 * @param {string[]} argv
 * @returns {Arguments}
 * @throws {Failure} naming the option that is unknown or malformed
 */
export function readArguments(argv) {
  const { values, positionals } = parse(argv);
  const [command = 'up', ...names] = positionals;
  return {
    command,
    names,
    home: values.home,
    withFreePorts: values['free-ports'] ?? false,
    withSeed: !values['no-seed'],
    overrides: Object.fromEntries((values.env ?? []).map(readPair)),
    ...(values.parent === undefined ? {} : { parent: Number(values.parent) }),
    isEnginesOnly: values['engines-only'] ?? false,
    isFollowed: values.follow ?? false,
    isConfirmed: values.yes ?? false,
    isJson: values.json ?? false,
    isHelp: (values.help ?? false) || command === 'help',
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        home: { type: 'string' },
        'free-ports': { type: 'boolean' },
        'no-seed': { type: 'boolean' },
        env: { type: 'string', multiple: true },
        parent: { type: 'string' },
        'engines-only': { type: 'boolean' },
        follow: { type: 'boolean', short: 'f' },
        yes: { type: 'boolean', short: 'y' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Failure(`${messageOf(error).split('. ')[0]}. See --help.`);
  }
}

/** @param {string} pair @returns {[string, string]} */
function readPair(pair) {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(pair);
  if (!match?.[1]) throw new Failure(`--env wants KEY=VALUE, not "${pair}".`);
  return [match[1], match[2] ?? ''];
}
