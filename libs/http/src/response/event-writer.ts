import type { ServerResponse } from 'node:http';

/** Writes server-sent events to one client, and disconnects it if it doesn't read them. */
interface EventWriter {
  /** Writes an event, or disconnects the client if it has too much left to read already. */
  writeEvent(text: string): void;
  /** Writes a comment if nothing is unread. Disconnects a client that could have read since the last call but hasn't. */
  keepAlive(): void;
  /** Ends the response once everything is written. */
  end(): void;
}

/**
 * Maximum unread bytes per client, not counting the last event, which may be larger than this. A client that exceeds it is
 * disconnected, as is one that reads nothing between two keep-alives while data is waiting for it.
 */
const BACKLOG_BYTES_MAX = 256 * 1024;
/** Events are written in pieces of this size, to distinguish a slow reader from one that doesn't read at all. */
const PIECE_BYTES = 64 * 1024;

export function createEventWriter(response: ServerResponse): EventWriter {
  /** Pieces that the client has no buffer space for yet. */
  const queue: Buffer[] = [];
  let unreadBytes = 0;
  let lastEventBytes = 0;
  let unreadAtLastKeepAlive = 0;
  let isWriting = false;
  let isEnding = false;

  const writeNext = () => {
    const piece = queue.shift();
    isWriting = piece !== undefined;
    if (piece) {
      response.write(piece, () => {
        unreadBytes -= piece.length;
        writeNext();
      });
    } else if (isEnding) response.end();
  };
  const write = (text: string): number => {
    const bytes = Buffer.from(text);
    for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES)
      queue.push(bytes.subarray(offset, offset + PIECE_BYTES));
    unreadBytes += bytes.length;
    if (!isWriting) writeNext();
    return bytes.length;
  };

  return {
    writeEvent: (text) => {
      if (unreadBytes - lastEventBytes > BACKLOG_BYTES_MAX) response.destroy();
      else lastEventBytes = write(text);
    },
    keepAlive: () => {
      if (unreadAtLastKeepAlive > 0 && unreadBytes >= unreadAtLastKeepAlive) {
        response.destroy();
        return;
      }
      unreadAtLastKeepAlive = unreadBytes;
      if (unreadBytes === 0 && !isEnding) write(': keep-alive\n\n');
    },
    end: () => {
      isEnding = true;
      if (!isWriting) response.end();
    },
  };
}
