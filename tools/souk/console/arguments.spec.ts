import { readArguments } from './arguments';

test('without a command, up runs without containers and adds the demo products', () => {
  expect(readArguments([])).toMatchObject({
    ...{ command: 'up', names: [], isInContainers: false, withSeed: true, overrides: {} },
  });
});

test('--docker selects containers, and --native overrides it', () => {
  expect(readArguments(['--docker', 'status'])).toMatchObject({ command: 'status', isInContainers: true });
  expect(readArguments(['--docker', 'status', '--native'])).toMatchObject({ isInContainers: false });
});

test('a value keeps its equals signs, and may be empty', () => {
  expect(readArguments(['up', '--env', 'A=b=c', '--env', 'B=']).overrides).toEqual({ A: 'b=c', B: '' });
});

test.each([
  [['up', '--env', 'A'], 'KEY=VALUE'],
  [['up', '--env', 'A=b\nC=d'], 'KEY=VALUE'],
  [['up', '--parent', 'me'], '--parent needs the id of a process, not "me".'],
  [['reset', '--force'], "Unknown option '--force'. See --help."],
])('%j is refused', (argv, message) => {
  expect(() => readArguments(argv)).toThrow(message);
});
