import { parseOptions } from './options';

test('without arguments, every scenario runs', () => {
  expect(parseOptions([])).toEqual({
    scenarios: ['adds', 'checkouts', 'deposits', 'transfers', 'flash-sale'],
    seconds: 8,
    connections: undefined,
    rounds: 3,
    compareWith: undefined,
    isHelp: false,
  });
});

test('scenarios are repeated or listed, and run once each in a fixed order', () => {
  const { scenarios } = parseOptions(['--scenario', 'deposits,adds', '--scenario', 'adds']);
  expect(scenarios).toEqual(['adds', 'deposits']);
});

test('a value follows its option or an equals sign', () => {
  expect(parseOptions(['--seconds', '3', '--rounds=2', '--connections=16', '--compare=a=b.json'])).toMatchObject({
    seconds: 3,
    rounds: 2,
    connections: 16,
    compareWith: 'a=b.json',
  });
});

test('--help is recognised', () => expect(parseOptions(['--help']).isHelp).toBe(true));

test.each([
  [['--seconds'], '--seconds needs a value'],
  [['--compare', '--seconds', '3'], '--compare needs a value'],
  [['--seconds', '0'], 'integer from 1 to 3600, not 0'],
  [['--rounds', '1.5'], 'integer from 1 to 100, not 1.5'],
  [['--connections', '1001'], 'integer from 1 to 1000, not 1001'],
  [['--scenario', 'refunds'], 'There is no scenario refunds'],
  [['fast'], 'Unknown argument: fast'],
])('%j is refused', (args, message) => expect(() => parseOptions(args)).toThrow(message));
