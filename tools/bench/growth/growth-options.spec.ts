import { parseGrowthOptions } from './growth-options';

test('by default, scale 10 is compared with scale 1, and nothing is kept', () => {
  expect(parseGrowthOptions([])).toEqual({
    ...{ task: 'measure', scale: 10, home: undefined, seconds: 5, rounds: 2, isHelp: false },
  });
});

test('parses every option', () => {
  const args = [
    'purge',
    '--scale',
    '100',
    '--home',
    '.souk/much',
    '--seconds',
    '7',
    '--rounds',
    '12',
    '--buffer-pool',
    '512',
    '--case',
    'an order',
  ];
  expect(parseGrowthOptions(args)).toMatchObject({
    ...{
      task: 'purge',
      scale: 100,
      home: '.souk/much',
      seconds: 7,
      rounds: 12,
      bufferPoolMib: 512,
      caseName: 'an order',
    },
  });
});

test.each([
  [['--scale', '5'], '--scale must be one of 1, 10, 100, not 5'],
  [['--rounds', '0'], '--rounds must be a positive integer, not 0'],
  [['--home'], '--home needs a value'],
  [['explore'], 'Unknown argument: explore'],
])('refuses %j', (args, message) => {
  expect(() => parseGrowthOptions(args)).toThrow(message);
});
