/** The largest message that a client or a server sends or receives. */
export const MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

/** The status message of a message above the limit, as the client library words it. */
export const TOO_LARGE = 'message larger than max';

/** Matches the status messages of the client library. */
export const isTooLarge = (statusMessage: string): boolean =>
  /message (larger than max|with a size larger than)/.test(statusMessage);
