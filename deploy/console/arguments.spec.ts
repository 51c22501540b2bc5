import { readArguments } from './arguments.mjs';

test('no command means up, with the demo products', () => {
  expect(readArguments([])).toMatchObject({ command: 'up', names: [], withSeed: true, overrides: {} });
});

test('a value keeps its equals signs, and may be empty', () => {
  expect(readArguments(['up', '--env', 'A=b=c', '--env', 'B=']).overrides).toEqual({ A: 'b=c', B: '' });
});

test.each([
  [['up', '--env', 'A'], 'KEY=VALUE'],
  [['up', '--env', 'A=b\nC=d'], 'KEY=VALUE'],
  [['reset', '--force'], "Unknown option '--force'. See --help."],
])('%j is refused', (argv, message) => {
  expect(() => readArguments(argv)).toThrow(message);
});
