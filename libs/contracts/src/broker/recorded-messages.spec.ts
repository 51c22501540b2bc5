import type { z } from 'zod';
import recorded from '../../test/recorded-messages.json';
import { cartChangeReplySchema, cartReplySchema, orderReplySchema } from '../cart/cart-job-messages';
import { cartQueryReplySchema } from '../cart/cart-query-messages';
import { parseMessage, type MessageDeclaration } from '../declaration/message';
import { TOPOLOGY } from './topology';

/*
 * While a new version starts, queues still carry messages of the version before it. `recorded-messages.json` has messages and
 * replies as earlier versions sent them: add to it, but never change what is there.
 */

const DECLARATIONS: readonly MessageDeclaration[] = [...TOPOLOGY.queues, ...TOPOLOGY.exchanges].flatMap(
  ({ messages }) => messages,
);

/** The schema with which the sender of each message reads the reply. */
const REPLIES: Record<keyof typeof recorded.replies, z.ZodType> = {
  'add-to-cart': cartChangeReplySchema,
  'set-cart-item': cartChangeReplySchema,
  'remove-cart-item': cartChangeReplySchema,
  'check-out': orderReplySchema,
  'cancel-order': orderReplySchema,
  'get-cart': cartQueryReplySchema,
  'get-order': cartQueryReplySchema,
  'list-orders': cartQueryReplySchema,
  'find-orders': cartQueryReplySchema,
};

test.each(recorded.messages.map((message) => [message.type, message] as const))(
  'a recorded message is read unchanged: %s',
  (_type, message) => {
    const content = Buffer.from(JSON.stringify(message));
    expect(parseMessage(DECLARATIONS, content)).toEqual({ ok: true, message });
  },
);

test.each(
  Object.entries(recorded.replies).flatMap(([type, replies]) =>
    replies.map((reply) => [type as keyof typeof REPLIES, reply] as const),
  ),
)('a recorded reply to %s is read unchanged: %j', (type, reply) => {
  expect(REPLIES[type].parse(reply)).toEqual(reply);
});

test('every message and every kind of reply is recorded', () => {
  const declared = new Set(DECLARATIONS.map(({ type, version }) => `${type} v${version}`));
  expect(new Set(recorded.messages.map(({ type, version }) => `${type} v${version}`))).toEqual(declared);

  const queriesAndJobs = TOPOLOGY.queues.flatMap(({ messages, reply }) => (reply ? messages : []));
  expect(Object.keys(recorded.replies).sort()).toEqual(queriesAndJobs.map(({ type }) => type).sort());
  const replies: unknown[] = Object.values(recorded.replies).flat();
  for (const kind of [...cartReplySchema.options, ...cartQueryReplySchema.options])
    expect(replies.filter((reply) => kind.safeParse(reply).success)).not.toEqual([]);
});
