import { parseMemoryOptions } from './options';

test('the load lasts 15 minutes unless an option says otherwise', () => {
  expect(parseMemoryOptions([])).toEqual({ minutes: 15, isHelp: false });
  expect(parseMemoryOptions(['--minutes', '3']).minutes).toBe(3);
  expect(parseMemoryOptions(['--minutes=60', '--help'])).toEqual({ minutes: 60, isHelp: true });
});

test.each([
  [['--minutes'], 'not nothing'],
  [['--minutes', '0'], 'integer from 1 to 1440, not 0'],
  [['--minutes', '1.5'], 'integer from 1 to 1440, not 1.5'],
  [['--minutes', '1441'], 'integer from 1 to 1440, not 1441'],
  [['--hours', '1'], 'Unknown argument: --hours'],
])('%j is refused', (args, message) => expect(() => parseMemoryOptions(args)).toThrow(message));
