import { parseGuardOptions } from './options';

test.each([
  [[], { isAccepting: false, isHelp: false }],
  [['--accept'], { isAccepting: true, isHelp: false }],
  [['--help'], { isAccepting: false, isHelp: true }],
])('parses %j', (args, options) => expect(parseGuardOptions(args)).toEqual(options));

test('refuses other arguments', () =>
  expect(() => parseGuardOptions(['--accept', '--rounds'])).toThrow('Unknown argument: --rounds. See --help'));
