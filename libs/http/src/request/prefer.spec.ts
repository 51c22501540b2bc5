import fc from 'fast-check';
import { parsePrefer } from './prefer';

test.each([
  [undefined, {}],
  ['', {}],
  ['respond-async', { waitMs: 0, applied: 'respond-async' }],
  ['Respond-Async', { waitMs: 0, applied: 'respond-async' }],
  ['respond-async=""', { waitMs: 0, applied: 'respond-async' }],
  ['respond-async; foo=bar', { waitMs: 0, applied: 'respond-async' }],
  ['wait=0', { waitMs: 0, applied: 'wait=0' }],
  ['wait=10', { waitMs: 10_000, applied: 'wait=10' }],
  ['WAIT = "10"', { waitMs: 10_000, applied: 'wait=10' }],
  ['wait=61', { waitMs: 60_000, applied: 'wait=60' }],
  [`wait=${'9'.repeat(400)}`, { waitMs: 60_000, applied: 'wait=60' }],
  ['respond-async, wait=10', { waitMs: 10_000, applied: 'wait=10' }],
  ['return=minimal, wait=2, wait=9', { waitMs: 2_000, applied: 'wait=2' }],
  ['foo="a,wait=3;b", wait=4', { waitMs: 4_000, applied: 'wait=4' }],
  ['foo="\\"", wait=4', { waitMs: 4_000, applied: 'wait=4' }],
  [',, ,wait=4,', { waitMs: 4_000, applied: 'wait=4' }],
  ['wait=-1', {}],
  ['wait=1.5', {}],
  ['wait=ten', {}],
  ['wait', {}],
  ['wait=ten, respond-async', { waitMs: 0, applied: 'respond-async' }],
  ['respond-async=no', {}],
  ['handling=lenient', {}],
  ['"', {}],
])('Prefer: %s is read as RFC 7240 specifies', (header, expected) => {
  expect(parsePrefer(header)).toEqual(expected);
});

test('any header can be read, and no wait exceeds 60 s', () => {
  const anyHeader = fc.string({
    unit: fc.constantFrom('w', 'wait', '=', '"', '\\', ',', ';', ' ', '9', 'respond-async'),
  });
  fc.assert(fc.property(anyHeader, (header) => (parsePrefer(header).waitMs ?? 0) <= 60_000));
});
