import { integerSetting, portSetting } from '@souk/service';
import { z } from 'zod';
import { settingsTable, withSettingsTable } from './settings-table';

const table = (shape: z.ZodRawShape) => settingsTable(z.object(shape)).split('\n').slice(2);

test('the columns of the table are aligned, as Prettier aligns them', () => {
  expect(settingsTable(z.object({ PORT: portSetting.default(5003).describe('Serves the API') })).split('\n')).toEqual([
    '| setting | default | values | meaning        |',
    '| ------- | ------- | ------ | -------------- |',
    '| `PORT`  | `5003`  | a port | Serves the API |',
  ]);
});

test.each<[string, z.ZodType, string]>([
  ['a bounded number', integerSetting(1, 1_000).default(256), '| `256` | 1 to 1,000 |'],
  ['a required URL', z.url(), '| required | a URL |'],
  ['optional text', z.string().optional(), '| none | text |'],
  ['text that is empty by default', z.string().default(''), '| none | text |'],
  ['one of several values', z.enum(['a', 'b']).default('a'), '| `a` | `a`, `b` |'],
  ['a flag', z.stringbool().default(false), '| `false` | `true`, `false` |'],
  [
    'text that becomes a list',
    z
      .string()
      .default('x,y')
      .transform((text) => text.split(',')),
    '| `x,y` | text |',
  ],
  ['text with a default before its transformation', z.string().transform(Number).prefault('7'), '| `7` | text |'],
  ['a long default', z.string().default('x'.repeat(81)), '| see the text | text |'],
])('the row of %s shows its default and its values', (_, setting, expected) => {
  expect(table({ S: setting }).map((row) => row.replace(/ +/g, ' '))).toEqual([expect.stringContaining(expected)]);
});

test('a pipe in a description is escaped', () => {
  expect(table({ S: z.string().describe('a|b') })).toEqual([expect.stringContaining('a\\|b')]);
});

test('only the text between the markers is replaced', () => {
  const schema = z.object({ S: z.string().describe('first') });
  const [begin, end] = [
    '<!-- settings: `npm run generate` writes this table from the schema in src/config.ts -->',
    '<!-- end of settings -->',
  ];
  const written = withSettingsTable(`before\n\n${begin}\n${end}\n\nafter\n`, schema);
  expect(written).toBe(`before\n\n${begin}\n\n${settingsTable(schema)}\n\n${end}\n\nafter\n`);
  expect(withSettingsTable(written, schema)).toBe(written);
});

test('a README without the markers is an error', () => {
  expect(() => withSettingsTable('# An app\n', z.object({}))).toThrow('needs the lines');
});
