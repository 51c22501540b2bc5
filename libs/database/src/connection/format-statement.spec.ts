import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { formatStatement } from './format-statement';

test('a literal contains no backslash and only doubled quotes, so it ends in the same place in every mode', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'\'"\\`;-\0\n%_aé😀') }), (text) => {
      const literal = formatStatement('?', [text]);
      expect(literal).toMatch(/^('([^'\\]|'')*'|_utf8mb4 X'[0-9a-f]*')$/);
    }),
  );
});

test('numbers, times, bytes, nulls and lists are written as mysql2 writes them', () => {
  const moment = new Date('2026-01-02T03:04:05.678Z');
  expect(formatStatement('? ? ? ? ?', [1, 2n, moment, Buffer.from("'"), null])).toBe(
    "1 2 '2026-01-02 03:04:05.678' X'27' NULL",
  );
  expect(
    formatStatement('VALUES ?', [
      [
        ["it's", 1],
        ['b', undefined],
      ],
    ]),
  ).toBe("VALUES ('it''s', 1), ('b', NULL)");
});

test('a value or a list of plain text is written as mysql2 writes it', () => {
  const plainText = fc.string({ unit: fc.constantFrom(...'ab1 é😀?%') });
  const moment = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  const bytes = fc.uint8Array().map((array) => Buffer.from(array));
  const value = fc.oneof(plainText, fc.integer(), fc.boolean(), fc.constantFrom(null, undefined), moment, bytes);
  const parameter = fc.oneof(value, fc.array(value), fc.array(fc.array(value)));
  fc.assert(
    fc.property(fc.array(parameter), (parameters) => {
      const sql = parameters.map(() => '?').join(' ');
      expect(formatStatement(sql, parameters)).toBe(mysql.format(sql, parameters as never[], false, 'Z'));
    }),
  );
});

test('a statement with quotes, comments, or too few or too many values is filled as mysql2 fills it', () => {
  const fragment = fc.constantFrom(
    '?',
    ' ',
    "'?'",
    '"?"',
    '`?`',
    '-- ?\n',
    '/* ? */',
    '# ?\n',
    '- ?',
    'id IN (?)',
    ', ',
  );
  fc.assert(
    fc.property(fc.array(fragment), fc.array(fc.integer()), (fragments, values) => {
      const sql = fragments.join(' ');
      expect(formatStatement(sql, values)).toBe(mysql.format(sql, values, false, 'Z'));
    }),
  );
});

test('a statement without parameters is unchanged', () => {
  expect(formatStatement("SELECT '?'", undefined)).toBe("SELECT '?'");
});

test('an object is refused, so that its keys never become columns', () => {
  expect(() => formatStatement('SELECT ?', [{ id: 1 }])).toThrow(TypeError);
  expect(() => formatStatement('SELECT ?', [() => 'x'])).toThrow(TypeError);
  expect(() => formatStatement('SELECT ?', [[{ toSqlString: () => 'SLEEP(1)' }]])).toThrow(TypeError);
});
