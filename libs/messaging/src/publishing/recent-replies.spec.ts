import { REPLIES_EXCHANGE } from '@souk/contracts';
import type { Outgoing } from './outgoing';
import { createRecentReplies } from './recent-replies';

const reply = (n: number, bytes = 10, smaller?: Buffer): Outgoing => ({
  ...{ exchange: REPLIES_EXCHANGE, routingKey: `caller-${n}`, content: Buffer.alloc(bytes) },
  ...(smaller ? { smaller } : {}),
});

test('keeps the newest 256 replies, in order', () => {
  const recent = createRecentReplies();
  const replies = Array.from({ length: 300 }, (_, n) => reply(n));
  replies.forEach(recent.keep);
  expect(recent.all()).toEqual(replies.slice(-256));
});

test('keeps the smaller version of a large reply, and all other replies', () => {
  const recent = createRecentReplies();
  const smaller = Buffer.from('smaller');
  recent.keep(reply(1));
  recent.keep(reply(2, 8_000_000, smaller));
  expect(recent.all()).toMatchObject([{ routingKey: 'caller-1' }, { routingKey: 'caller-2', content: smaller }]);
});

test('a large reply without a smaller version is not kept', () => {
  const recent = createRecentReplies();
  recent.keep(reply(1, 8_000_000));
  expect(recent.all()).toEqual([]);
});
