import { BUNDLE_BYTES_MAX, BUNDLE_COUNT_MAX } from '@souk/contracts';
import { chunksOf } from '@souk/service';

/** Bytes that a bundle adds to each of its messages. */
const BUNDLING_BYTES = 64;

const sizeOf = (content: Buffer) => content.length + BUNDLING_BYTES;

/** @returns whether the message, or reply, can share a bundle with others */
export const fitsIntoBundle = (content: Buffer): boolean => sizeOf(content) <= BUNDLE_BYTES_MAX;

/** Divides messages, or replies, into bundles, in order. One that fits into none stays alone. */
export const divideIntoBundles = <Item extends { content: Buffer }>(items: readonly Item[]): Item[][] =>
  chunksOf(items, BUNDLE_BYTES_MAX, ({ content }) => sizeOf(content)).flatMap((chunk) =>
    chunksOf(chunk, BUNDLE_COUNT_MAX),
  );
