import { BUNDLE_BYTES_MAX } from '@souk/contracts';
import type { Outgoing } from './outgoing';

/** More than a worker has in flight at once, so the replies that a lost connection may have swallowed are among them. */
const COUNT_MAX = 256;
/** Larger than any bundle, including the ids of its requests. */
const BYTES_MAX = 2 * BUNDLE_BYTES_MAX;

/** The most recent replies, to be sent again after a reconnect. */
export function createRecentReplies() {
  const replies: Outgoing[] = [];
  return {
    /** Keeps a reply. Of a large one, keeps only the smaller version, so that all of them take at most 32 MiB. */
    keep: (reply: Outgoing): void => {
      const content = [reply.content, reply.smaller].find((each) => each && each.length <= BYTES_MAX);
      if (!content) return;
      replies.push(content === reply.content ? reply : { ...reply, content });
      if (replies.length > COUNT_MAX) replies.shift();
    },
    /** In the order in which they were kept. */
    all: (): readonly Outgoing[] => replies,
  };
}
