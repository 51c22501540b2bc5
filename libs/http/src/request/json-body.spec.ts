import { LosslessNumber } from 'lossless-json';
import { parseJsonObject, withoutNulls } from './json-body';

const parse = (text: string) => parseJsonObject(Buffer.from(text));

const refusal = (bytes: Buffer): unknown => {
  try {
    parseJsonObject(bytes);
    return undefined;
  } catch (error) {
    return (error as { failure: unknown }).failure;
  }
};

test.each([
  ['nothing', ''],
  ['half an object', '{"a":'],
  ['a trailing comma', '{"a":1,}'],
  ['single quotes', "{'a':1}"],
  ['two objects', '{}{}'],
  ['NaN alone', 'NaN'],
  ['NaN as a key', '{NaN:1}'],
  ['NaN with a suffix', '{"a":NaN1}'],
  ['NaN after a number', '{"a":1NaN}'],
  ['-NaN', '{"a":-NaN}'],
  ['NaN in malformed JSON', '{"a":NaN,}'],
  ['nan', '{"a":nan}'],
  ['undefined', '{"a":undefined}'],
  ['a number with a leading zero', '{"a":01}'],
  ['a raw line break in a string', '{"a":"\n"}'],
  ['an array', '[]'],
  ['a number', '1'],
  ['null', 'null'],
  ['a string', '"{}"'],
  ['64 KiB of opening brackets', '['.repeat(65_536)],
  ['64 KiB of opening objects', '{"a":'.repeat(13_000)],
  ['a thousand nested arrays', `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`],
])('%s is not a JSON object', (_case, text) => {
  expect(refusal(Buffer.from(text))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
});

test('bytes that are not UTF-8 are refused, not replaced', () => {
  expect(refusal(Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]))).toMatchObject({ status: 400 });
});

test('a byte order mark is accepted', () => {
  expect(parse('\uFEFF{"a":"b"}')).toEqual({ a: 'b' });
});

test('numbers keep their source text', () => {
  expect(parse('{"a":1.10}')['a']).toEqual(new LosslessNumber('1.10'));
});

test('the last value of a duplicate key counts, whatever the values are', () => {
  expect(parse('{"a":1,"a":"x"}')).toEqual({ a: 'x' });
  expect(parse('{"a":{"b":"c"},"a":{}}')).toEqual({ a: {} });
});

test('no field can be smuggled in through a prototype', () => {
  const body = parse('{"__proto__":{"clientID":"mallory"},"constructor":{"prototype":{"clientID":"mallory"}}}');
  expect(body['clientID']).toBeUndefined();
  expect(withoutNulls({ ...body, a: null })['clientID']).toBeUndefined();
  expect(({} as Record<string, unknown>)['clientID']).toBeUndefined();
});

test('null counts as absent', () => {
  expect(withoutNulls(parse('{"a":null,"b":"c"}'))).toEqual({ b: 'c' });
});

test.each(['NaN', 'Infinity', '-Infinity'])(
  '%s in place of a value is read as a number that is out of range',
  (word) => {
    const body = parse(`{"a": ${word} ,"b":[${word},{"c":${word}}],"d":"x"}`);
    expect(body['a']).toBeInstanceOf(LosslessNumber);
    expect(Number.isFinite(Number((body['a'] as LosslessNumber).value))).toBe(false);
    expect(body['d']).toBe('x');
  },
);

test('strings stay unchanged next to a NaN', () => {
  const text = 'NaN, :NaN, "Infinity" \\';
  expect(parse(`{"a":NaN,"b":${JSON.stringify(text)},"NaN ":-Infinity}`)).toMatchObject({ b: text });
  expect(Object.keys(parse('{"NaN ":NaN}'))).toEqual(['NaN ']);
});

test.each([
  ['an unterminated string', `{"a":NaN,"b":"${'\\"'.repeat(32_000)}`],
  ['quotes outside strings', `NaN ${'\\"'.repeat(32_000)}\\`],
  ['NaN', 'NaN,'.repeat(16_000)],
])('64 KiB of %s is refused at once', (_case, text) => {
  const startedAt = performance.now();
  expect(refusal(Buffer.from(text))).toMatchObject({ status: 400 });
  expect(performance.now() - startedAt).toBeLessThan(250);
});
