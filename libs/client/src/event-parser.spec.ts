import fc from 'fast-check';
import { createEventParser, type ServerSentEvent } from './event-parser';

const read = (pieces: readonly string[]): ServerSentEvent[] => pieces.flatMap(createEventParser());

test.each<[string, string, ServerSentEvent[]]>([
  ['an event', 'event: status\ndata: {"a":1}\n\n', [{ name: 'status', data: '{"a":1}' }]],
  ['an event without a name', 'data: x\n\n', [{ name: 'message', data: 'x' }]],
  ['data on several lines', 'data: a\ndata:b\ndata\ndata:  c\n\n', [{ name: 'message', data: 'a\nb\n\n c' }]],
  ['comments, ids and retry times', ': keep-alive\n\nid: 1\nretry: 5\n\n', []],
  ['an incomplete event', 'event: status\ndata: x\n', []],
  ['a name that applies only to its event', 'event: a\n\ndata: x\n\n', [{ name: 'message', data: 'x' }]],
  [
    'carriage returns',
    'event: a\r\ndata: x\r\n\r\ndata: y\r\r',
    [
      { name: 'a', data: 'x' },
      { name: 'message', data: 'y' },
    ],
  ],
])('the parser handles %s', (_name, text, events) => {
  expect(read([text])).toEqual(events);
});

test('the events are the same wherever the text is cut', () => {
  const line = fc.constantFrom('event: status', 'data: {"a": 1}', 'data:', ': comment', 'id: 1', '', 'data: a:b', 'x');
  const end = fc.constantFrom('\n', '\r\n', '\r');
  fc.assert(
    fc.property(fc.array(fc.tuple(line, end)), fc.array(fc.nat()), (lines, cuts) => {
      const text = lines.map((pair) => pair.join('')).join('');
      const offsets = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length].sort((a, b) => a - b);
      const pieces = offsets.slice(1).map((nextOffset, index) => text.slice(offsets[index], nextOffset));
      expect(pieces.join('')).toBe(text);
      expect(read(pieces)).toEqual(read([text]));
    }),
  );
});

test('an event that never ends causes an error once it exceeds the maximum length', () => {
  const parse = createEventParser();
  expect(() => {
    for (let n = 0; n < 400; n++) parse('data: '.padEnd(100_000, 'x'));
  }).toThrow('more than 32000000 characters');
});

test('an event of many megabytes is parsed completely, in linear time', () => {
  const data = 'x'.repeat(16_000_000);
  const text = `event: status\ndata: ${data}\n\n`;
  const pieces = Array.from({ length: Math.ceil(text.length / 16_384) }, (_, n) =>
    text.slice(n * 16_384, (n + 1) * 16_384),
  );
  const startedAt = performance.now();
  const events = read([...pieces]);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(events.length === 1 && events[0]!.data === data).toBe(true);
});
