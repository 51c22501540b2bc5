import fc from 'fast-check';
import { fingerprintOf } from './fingerprint';
import { parseJsonObject } from './json-body';

const hashOf = (text: string) => fingerprintOf(parseJsonObject(Buffer.from(text)));

const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
};

test('key order and white space do not change the fingerprint', () => {
  fc.assert(
    fc.property(json, (value) => hashOf(JSON.stringify(value)) === hashOf(JSON.stringify(shuffled(value), null, '\t'))),
  );
});

test.each([
  ['{"a":1}', '{"a":2}'],
  ['{"a":1}', '{"a":1.0}'],
  ['{"a":1}', '{"a":"1"}'],
  ['{"a":9007199254740993}', '{"a":9007199254740992}'],
  ['{"a":[1,2]}', '{"a":[2,1]}'],
  ['{"a":1}', '{"a":1,"b":null}'],
  ['{"a":1}', '{"a":1,"unknown":1}'],
  ['{"a":{"b":1}}', '{"a":"{\\"b\\":1}"}'],
  ['{"a":{}}', '{"a":[]}'],
  ['{"a":1}', '{"a":{"isLosslessNumber":true,"value":"1"}}'],
  ['{"a":1}', '{"a":1,"__proto__":{}}'],
])('%s and %s are different bodies', (one, other) => {
  expect(hashOf(one)).not.toBe(hashOf(other));
});

test('a string has the same fingerprint with and without escapes', () => {
  expect(hashOf('{"a":"caf\\u00e9"}')).toBe(hashOf('{"a":"café"}'));
});

test('the last value of a duplicate key counts', () => {
  expect(hashOf('{"a":1,"a":2}')).toBe(hashOf('{"a":2}'));
});
