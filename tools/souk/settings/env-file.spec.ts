import fc from 'fast-check';
import { parseEnvFile, withValues } from './env-file';

test.each([
  ['KEY=value', 'value'],
  ['  KEY = value  ', 'value'],
  ['export KEY=value', 'value'],
  ['KEY=', ''],
  ["KEY=''", ''],
  ['KEY=# all comment', ''],
  ['KEY=a=b==', 'a=b=='],
  ['KEY=a#b', 'a#b'],
  ['KEY=a b # comment', 'a b'],
  ['KEY="a # b" # comment', 'a # b'],
  [`KEY="a" # said "so"`, 'a'],
  [`KEY='a' # don't`, 'a'],
  [`KEY=" a "`, ' a '],
  [`KEY="it's"`, "it's"],
  [`KEY='"quoted"'`, '"quoted"'],
  [`KEY="open`, '"open'],
  ['KEY=$HOME/${x}', '$HOME/${x}'],
  ['KEY=a\\nb', 'a\\nb'],
  ['KEY=first\r\nKEY=last\r\n', 'last'],
])('%j sets %j', (text, value) => {
  expect(parseEnvFile(text)).toEqual({ KEY: value });
});

test.each(['', '# KEY=value', 'KEY', '=value', '1KEY=value', 'KEY-2=value'])('%j sets nothing', (text) => {
  expect(parseEnvFile(text)).toEqual({});
});

test('a written value reads back unchanged, wherever its key is in the file', () => {
  // One kind of quote at a time: not every value with both kinds can be written.
  const text = (quote: string) => fc.string({ unit: fc.constantFrom(...'ab= #$&\\`*!é', quote), maxLength: 12 });
  const value = fc.oneof(text("'"), text('"'));
  const existingText = fc.constantFrom('', 'KEY=old\n', 'A=1\nexport KEY = "old" # why\nB=2', 'KEY=\nB=2\nKEY=again\n');
  fc.assert(
    fc.property(value, existingText, (written, existing) => {
      expect(parseEnvFile(withValues(existing, { KEY: written })).KEY).toBe(written);
    }),
  );
});

test('a value that would not read back unchanged is refused', () => {
  expect(() => withValues('', { KEY: 'a\nOTHER=b' })).toThrow("KEY can't have this value");
  expect(() => withValues('', { KEY: `'#"#` })).toThrow("KEY can't have this value");
});

test('writing a value changes nothing else', () => {
  const text = '# KEY=comment\n\n  KEY=old # why\r\n\nKEY_2=two\nMY_KEY=three';
  expect(withValues(text, { KEY: 'new', ADDED: 'a b' })).toBe(
    "# KEY=comment\n\nKEY=new\r\n\nKEY_2=two\nMY_KEY=three\nADDED='a b'\n",
  );
});

test.each([
  ['new', 'KEY=new\n'],
  ['', 'KEY=\n'],
  ['a b', "KEY='a b'\n"],
  ["it's", 'KEY="it\'s"\n'],
])('%j is written so that other readers of such files read the same value', (value, text) => {
  expect(withValues('', { KEY: value })).toBe(text);
});
