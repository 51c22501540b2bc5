import { readCommandLine, USAGE } from './command-line';

test('the command line knows two options, and names any other', () => {
  expect(readCommandLine([])).toEqual({ isJson: false, isHelp: false });
  expect(readCommandLine(['--json'])).toEqual({ isJson: true, isHelp: false });
  expect(readCommandLine(['-h'])).toEqual({ isJson: false, isHelp: true });
  expect(() => readCommandLine(['--jsn'])).toThrow(/--jsn/);
});

test('the help tells what each exit code means', () => {
  for (const code of [0, 1, 2]) expect(USAGE).toMatch(new RegExp(`\\b${code}: `));
});
