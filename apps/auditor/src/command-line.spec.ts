import { readCommandLine, USAGE } from './command-line';

test('the command line accepts two options and names any other in its error', () => {
  expect(readCommandLine([])).toEqual({ isJson: false, isHelp: false });
  expect(readCommandLine(['--json'])).toEqual({ isJson: true, isHelp: false });
  expect(readCommandLine(['-h'])).toEqual({ isJson: false, isHelp: true });
  expect(() => readCommandLine(['--jsn'])).toThrow(/--jsn/);
});

test('the help explains each exit code', () => {
  for (const code of [0, 1, 2]) expect(USAGE).toMatch(new RegExp(`\\b${code}: `));
});
