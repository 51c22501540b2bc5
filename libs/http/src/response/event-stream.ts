import type { IncomingMessage, ServerResponse } from 'node:http';

/** One client's stream of server-sent events. Nothing, not even the status, is sent before the first event. */
export interface EventStream {
  /** The id of the last event that the client has seen, if it reopens a stream. */
  readonly lastEventId: string | undefined;
  send(event: string, id: string, data: unknown): void;
  /** Answers 204 instead of a stream: the client has seen the final event and shouldn't reopen the stream. */
  finish(): void;
  end(): void;
  readonly isClosed: boolean;
  /** Resolves with the status of the answer when the client has disconnected or the stream has ended. */
  readonly closed: Promise<number>;
}

const KEEP_ALIVE_MS = 15_000;
/**
 * Maximum unread bytes per client, not counting the last event, which may be larger than this. A client that exceeds it is
 * disconnected, as is one that reads nothing between two keep-alives while data is waiting for it.
 */
const BACKLOG_BYTES_MAX = 256 * 1024;
/** Events are written in pieces of this size, to distinguish a slow reader from one that doesn't read at all. */
const PIECE_BYTES = 64 * 1024;

export function createEventStream(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
  keepAliveMs = KEEP_ALIVE_MS,
): EventStream {
  let keepAlive: NodeJS.Timeout | undefined;
  let isClosed = response.destroyed;
  let isEnding = false;
  let isWriting = false;
  let status = 200;
  /** Pieces that the client has no buffer space for yet. */
  const queue: Buffer[] = [];
  let unreadBytes = 0;
  let lastEventBytes = 0;
  let unreadAtLastTurn = 0;
  let onClosed: (status: number) => void;
  const closed = new Promise<number>((resolve) => (onClosed = resolve));

  const close = () => {
    isClosed = true;
    clearInterval(keepAlive);
    onClosed(status);
  };
  if (isClosed) close();
  else response.once('close', close);

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
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) queue.push(bytes.subarray(at, at + PIECE_BYTES));
    unreadBytes += bytes.length;
    if (!isWriting) writeNext();
    return bytes.length;
  };
  const writeEvent = (text: string) => {
    if (unreadBytes - lastEventBytes > BACKLOG_BYTES_MAX) response.destroy();
    else lastEventBytes = write(text);
  };
  const takeTurn = () => {
    const isReading = unreadBytes < unreadAtLastTurn;
    if (unreadBytes > 0 && unreadAtLastTurn > 0 && !isReading) {
      response.destroy();
      return;
    }
    unreadAtLastTurn = unreadBytes;
    if (unreadBytes === 0 && !isEnding) write(': keep-alive\n\n');
  };
  const begin = () => {
    response.writeHead(status, {
      ...headers,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no', // nginx would hold events back
    });
    keepAlive = setInterval(takeTurn, keepAliveMs);
  };
  const end = () => {
    isEnding = true;
    if (!isWriting) response.end();
  };

  return {
    lastEventId: request.headers['last-event-id']?.toString(),
    send: (event, id, data) => {
      if (isClosed || isEnding) return;
      if (!response.headersSent) begin();
      if (request.method === 'HEAD') end();
      else writeEvent(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    finish: () => {
      if (isClosed || isEnding) return;
      status = 204;
      response.writeHead(status, headers);
      end();
    },
    end,
    get isClosed() {
      return isClosed;
    },
    closed,
  };
}
