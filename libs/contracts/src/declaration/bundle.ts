import { z } from 'zod';

/** The type of an AMQP message that carries several messages for one queue. Each is handled as if it had come alone. */
export const BUNDLE_TYPE = 'bundle';
/** The type of an AMQP message that carries several replies to one caller. */
export const REPLY_BUNDLE_TYPE = 'reply-bundle';

/** Maximum number of messages or replies in a bundle. */
export const BUNDLE_COUNT_MAX = 64;
/** Maximum size of a bundle in bytes; a larger message is sent alone. */
export const BUNDLE_BYTES_MAX = 64 * 1024;

/** The maximum length of an AMQP correlation id, to which the id is copied. Source: AMQP 0-9-1, short strings. */
const REQUEST_ID_MAX = 255;

const bundleSchema = z.object({
  version: z.literal(1),
  messages: z
    .array(
      z.object({
        requestId: z
          .string()
          .max(REQUEST_ID_MAX)
          .optional()
          .describe('Identifies the reply; absent if no caller waits for one'),
        message: z.unknown().describe('One of the messages of the queue, with its envelope'),
      }),
    )
    .min(1)
    .max(BUNDLE_COUNT_MAX)
    .describe('The messages, 64 KiB in all'),
});

const replyBundleSchema = z.object({
  replies: z
    .array(
      z.object({
        requestId: z.string().describe('The `requestId` of the message in its bundle'),
        reply: z.unknown(),
      }),
    )
    .describe('The replies to messages that arrived in bundles'),
});

/** A message in a bundle. */
export interface BundledMessage {
  requestId: string | undefined;
  /** As it would be sent alone. */
  content: Buffer;
}

/** JSON Schemas of the bundles, for AsyncAPI. */
export const bundleJsonSchema = () => z.toJSONSchema(bundleSchema, { target: 'draft-7' });
export const replyBundleJsonSchema = () => z.toJSONSchema(replyBundleSchema, { target: 'draft-7' });

/** Encodes a bundle without parsing the messages in it, which are JSON already. */
export function encodeBundle(messages: readonly BundledMessage[]): Buffer {
  const parts = messages.map(({ requestId, content }) => {
    const id = requestId === undefined ? '' : `"requestId":${JSON.stringify(requestId)},`;
    return `{${id}"message":${content.toString('utf8')}}`;
  });
  return Buffer.from(`{"version":1,"messages":[${parts.join(',')}]}`);
}

/** @returns the messages of a bundle, unchecked, with their ids; undefined if it is not a bundle */
export function parseBundle(content: Buffer): { requestId: string | undefined; message: unknown }[] | undefined {
  const parsed = bundleSchema.safeParse(parseJson(content));
  return parsed.success ? parsed.data.messages.map(({ requestId, message }) => ({ requestId, message })) : undefined;
}

/** Encodes replies that are JSON already. */
export function encodeReplyBundle(replies: readonly { requestId: string; content: Buffer }[]): Buffer {
  const parts = replies.map(
    ({ requestId, content }) => `{"requestId":${JSON.stringify(requestId)},"reply":${content.toString('utf8')}}`,
  );
  return Buffer.from(`{"replies":[${parts.join(',')}]}`);
}

/** @returns the replies of a bundle, unchecked; undefined if it is not a bundle of replies */
export function parseReplyBundle(content: Buffer): { requestId: string; reply: unknown }[] | undefined {
  const parsed = replyBundleSchema.safeParse(parseJson(content));
  return parsed.success ? parsed.data.replies : undefined;
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
