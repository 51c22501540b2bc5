import { digestOf, uuidNamedBy, uuidOf } from './derived-id';

test('a digest depends on where one part ends and the next begins', () => {
  expect(digestOf('a', 'bc')).toEqual(digestOf('a', 'bc'));
  expect(digestOf('a', 'bc')).not.toEqual(digestOf('ab', 'c'));
});

test('an id derived from a text is always the same version 8 UUID', () => {
  expect(uuidOf(Buffer.alloc(32, 0xff))).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff');
  expect(uuidNamedBy('souk:wallet:ada')).toBe('e5018093-d090-8d06-bdb1-a279a3917684');
});
