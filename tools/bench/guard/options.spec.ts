import { parseGuardOptions } from './options';

test.each([
  [[], { isAccepting: false, isHelp: false }],
  [['--accept'], { isAccepting: true, isHelp: false }],
  [['--help'], { isAccepting: false, isHelp: true }],
])('%j is understood', (args, options) => expect(parseGuardOptions(args)).toEqual(options));

test('anything else is refused', () =>
  expect(() => parseGuardOptions(['--accept', '--rounds'])).toThrow('Unknown argument: --rounds. See --help'));
