import { encodeReplyBundle, REPLIES_EXCHANGE, REPLY_BUNDLE_TYPE } from '@souk/contracts';
import { divideIntoBundles, fitsIntoBundle } from './divide-into-bundles';
import { encode, type Outgoing } from './outgoing';

export interface ReplyAddress {
  replyTo: string;
  correlationId: string;
  /** Whether the message arrived in a bundle; then its reply may travel in one. */
  isBundled?: boolean;
}

/** A reply to a caller. */
export interface OutgoingReply {
  to: ReplyAddress;
  body: unknown;
  /** Sent instead if `body` exceeds the broker's limit. */
  smaller?: unknown;
}

interface EncodedReply {
  requestId: string;
  content: Buffer;
  smaller: unknown;
}

/**
 * Turns replies into messages. Those to the same caller travel in bundles if their requests did. A large reply stays alone, with
 * its smaller version.
 */
export function bundleReplies(replies: readonly OutgoingReply[]): Outgoing[] {
  const alone: Outgoing[] = [];
  const byCaller = new Map<string, EncodedReply[]>();
  for (const { to, body, smaller } of replies) {
    const { replyTo, correlationId: requestId, isBundled = false } = to;
    const content = encode(body);
    const ofCaller = byCaller.get(replyTo) ?? [];
    if (isBundled && fitsIntoBundle(content)) {
      ofCaller.push({ requestId, content, smaller });
      byCaller.set(replyTo, ofCaller);
    } else alone.push(replyAlone(replyTo, requestId, content, smaller));
  }
  const bundled = [...byCaller].flatMap(([replyTo, ofCaller]) =>
    divideIntoBundles(ofCaller).map((bundle) => toMessage(replyTo, bundle)),
  );
  return [...alone, ...bundled];
}

function toMessage(replyTo: string, replies: readonly EncodedReply[]): Outgoing {
  const [first] = replies;
  if (replies.length === 1 && first) return replyAlone(replyTo, first.requestId, first.content, first.smaller);
  return {
    exchange: REPLIES_EXCHANGE,
    routingKey: replyTo,
    content: encodeReplyBundle(replies),
    properties: { type: REPLY_BUNDLE_TYPE },
  };
}

const replyAlone = (replyTo: string, correlationId: string, content: Buffer, smaller?: unknown): Outgoing => ({
  exchange: REPLIES_EXCHANGE,
  routingKey: replyTo,
  content,
  ...(smaller === undefined ? {} : { smaller: encode(smaller) }),
  properties: { correlationId },
});
