import { BUNDLE_TYPE, encodeBundle } from '@souk/contracts';
import { divideIntoBundles } from './divide-into-bundles';
import { TO_QUEUE, type Outgoing } from './outgoing';

/** A message to publish, and the indexes of the messages that it carries. */
interface Publication {
  message: Outgoing;
  indexes: number[];
}

/** A message that may travel in a bundle, and its index. */
interface Bundleable {
  message: Outgoing;
  content: Buffer;
  index: number;
}

/**
 * Bundles messages that go directly to the same queue. Messages with headers, a reply address or a smaller version are sent
 * individually. So are messages to exchanges, whose consumers may not know bundles.
 */
export function bundleOutgoing(messages: readonly Outgoing[]): Publication[] {
  const publications: Publication[] = [];
  const byQueue = new Map<string, Bundleable[]>();
  for (const [index, message] of messages.entries()) {
    if (!isBundleable(message)) {
      publications.push({ message, indexes: [index] });
      continue;
    }
    const ofQueue = byQueue.get(message.routingKey) ?? [];
    ofQueue.push({ message, content: message.content, index });
    byQueue.set(message.routingKey, ofQueue);
  }
  for (const bundle of [...byQueue.values()].flatMap(divideIntoBundles))
    publications.push({ message: toMessage(bundle), indexes: bundle.map(({ index }) => index) });
  return publications.sort((a, b) => a.indexes[0]! - b.indexes[0]!);
}

const isBundleable = ({ exchange, smaller, properties }: Outgoing) =>
  exchange === TO_QUEUE && !smaller && properties?.headers === undefined && properties?.replyTo === undefined;

function toMessage(bundle: readonly Bundleable[]): Outgoing {
  const { message } = bundle[0]!;
  if (bundle.length === 1) return message;
  const content = encodeBundle(bundle.map((part) => ({ requestId: undefined, content: part.content })));
  return { exchange: TO_QUEUE, routingKey: message.routingKey, content, properties: { type: BUNDLE_TYPE } };
}
