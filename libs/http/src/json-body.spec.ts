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
  ['NaN as a name', '{NaN:1}'],
  ['NaN that goes on', '{"a":NaN1}'],
  ['NaN after a number', '{"a":1NaN}'],
  ['-NaN', '{"a":-NaN}'],
  ['NaN beside a fault of the JSON', '{"a":NaN,}'],
  ['nan', '{"a":nan}'],
  ['undefined', '{"a":undefined}'],
  ['a number with a leading zero', '{"a":01}'],
  ['a raw line break in a text', '{"a":"\n"}'],
  ['an array', '[]'],
  ['a number', '1'],
  ['null', 'null'],
  ['a text', '"{}"'],
  ['64 KiB of opening brackets', '['.repeat(65_536)],
  ['64 KiB of opening objects', '{"a":'.repeat(13_000)],
  ['a thousand closed levels', `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`],
])('%s is no JSON object', (_what, text) => {
  expect(refusal(Buffer.from(text))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
});

test('bytes that are no UTF-8 are refused, not replaced', () => {
  expect(refusal(Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]))).toMatchObject({ status: 400 });
});

test('a byte order mark is no fault', () => {
  expect(parse('\uFEFF{"a":"b"}')).toEqual({ a: 'b' });
});

test('numbers keep their source text', () => {
  expect(parse('{"a":1.10}')['a']).toEqual(new LosslessNumber('1.10'));
});

test('of a key that comes twice the last one counts, whatever the values are', () => {
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

test.each(['NaN', 'Infinity', '-Infinity'])('%s is a value that is none, where a value stands', (stray) => {
  const body = parse(`{"a": ${stray} ,"b":[${stray},{"c":${stray}}],"d":"x"}`);
  expect(body['a']).toBeInstanceOf(LosslessNumber);
  expect(Number.isFinite(Number((body['a'] as LosslessNumber).value))).toBe(false);
  expect(body['d']).toBe('x');
});

test('a text stays what it is beside a NaN', () => {
  const text = 'NaN, :NaN, "Infinity" \\';
  expect(parse(`{"a":NaN,"b":${JSON.stringify(text)},"NaN ":-Infinity}`)).toMatchObject({ b: text });
  expect(Object.keys(parse('{"NaN ":NaN}'))).toEqual(['NaN ']);
});

test.each([
  ['a text without an end', `{"a":NaN,"b":"${'\\"'.repeat(32_000)}`],
  ['quotes without texts', `NaN ${'\\"'.repeat(32_000)}\\`],
  ['nothing else', 'NaN,'.repeat(16_000)],
])('64 KiB of %s are refused at once', (_what, text) => {
  const startedAt = performance.now();
  expect(refusal(Buffer.from(text))).toMatchObject({ status: 400 });
  expect(performance.now() - startedAt).toBeLessThan(250);
});
