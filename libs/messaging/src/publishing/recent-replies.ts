import { fitsIntoBundle } from './divide-into-bundles';
import type { Outgoing } from './outgoing';

/** More than a worker has in flight at once, so the replies that a lost connection may have swallowed are among them. */
const COUNT_MAX = 256;

/** The most recent replies, to be sent again after a reconnect. */
export function createRecentReplies() {
  const replies: Outgoing[] = [];
  return {
    /** Keeps a reply. Of a large one, keeps only the smaller version, so that all of them take at most 16 MiB. */
    keep: (reply: Outgoing): void => {
      const content = fitsIntoBundle(reply.content) ? reply.content : reply.smaller;
      if (!content) return;
      replies.push(content === reply.content ? reply : { ...reply, content });
      if (replies.length > COUNT_MAX) replies.shift();
    },
    /** In the order in which they were kept. */
    all: (): readonly Outgoing[] => replies,
  };
}
