import { entityTagOf, parseIfMatch } from './if-match';

test.each<[string, ReturnType<typeof parseIfMatch>]>([
  ['*', 'any version'],
  [' * ', 'any version'],
  ['"a"', ['a']],
  ['""', ['']],
  ['"a", "b"', ['a', 'b']],
  ['"a","b"', ['a', 'b']],
  [',, "a" ,\t, "b",', ['a', 'b']],
  ['"a,b"', ['a,b']],
  ['"W/"', ['W/']],
  ['W/"a"', []],
  ['W/"a", "b"', ['b']],
  ['"\u00e9"', ['\u00e9']],
  ['', undefined],
  [' , ', undefined],
  ['a', undefined],
  ['"a', undefined],
  ['a"', undefined],
  ['w/"a"', undefined],
  ['W/ "a"', undefined],
  ['"a" "b"', undefined],
  ['"a" b', undefined],
  ['"a b"', undefined],
  ['"a", *', undefined],
  ['*, "a"', undefined],
])('%j is read as %j', (header, expected) => expect(parseIfMatch(header)).toEqual(expected));

test('an ETag reads back as its version', () => expect(parseIfMatch(entityTagOf('v1'))).toEqual(['v1']));
