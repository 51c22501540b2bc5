import { BUNDLE_BYTES_MAX, BUNDLE_COUNT_MAX, BUNDLE_TYPE, encodeBundle } from '@souk/contracts';
import type { Outgoing } from './outgoing';

/** A message to publish, and the indexes of the messages that it carries. */
interface Parcel {
  message: Outgoing;
  indexes: number[];
}

/** Bytes that a bundle adds to each of its messages. */
export const BUNDLING_BYTES = 64;

/**
 * Bundles messages that go directly to the same queue. Messages with headers, a reply address or a smaller version are sent
 * individually. So are messages to exchanges, whose consumers may not know bundles.
 */
export function bundleOutgoing(messages: readonly Outgoing[]): Parcel[] {
  const parcels: Parcel[] = [];
  /** The parcel of each queue that still has room, and its size in bytes. */
  const openParcels = new Map<string, { indexes: number[]; bytes: number }>();
  for (const [index, message] of messages.entries()) {
    const bytes = message.content.length + BUNDLING_BYTES;
    if (!isBundleable(message) || bytes > BUNDLE_BYTES_MAX) {
      parcels.push({ message, indexes: [index] });
      continue;
    }
    const open = openParcels.get(message.routingKey);
    if (open && open.bytes + bytes <= BUNDLE_BYTES_MAX && open.indexes.length < BUNDLE_COUNT_MAX) {
      open.indexes.push(index);
      open.bytes += bytes;
    } else {
      const indexes = [index];
      parcels.push({ message, indexes });
      openParcels.set(message.routingKey, { indexes, bytes });
    }
  }
  return parcels.map(({ message, indexes }) => ({
    message: indexes.length === 1 ? message : toBundle(indexes.map((index) => messages[index]!)),
    indexes,
  }));
}

const isBundleable = ({ exchange, smaller, properties }: Outgoing) =>
  exchange === '' && !smaller && properties?.headers === undefined && properties?.replyTo === undefined;

function toBundle(messages: readonly Outgoing[]): Outgoing {
  const content = encodeBundle(messages.map((message) => ({ requestId: undefined, content: message.content })));
  return { exchange: '', routingKey: messages[0]!.routingKey, content, properties: { type: BUNDLE_TYPE } };
}
