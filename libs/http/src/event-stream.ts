import type { IncomingMessage, ServerResponse } from 'node:http';

/** One client's stream of server-sent events. Nothing is sent, the status neither, before the first event. */
export interface EventStream {
  send(event: string, data: unknown): void;
  end(): void;
  readonly isClosed: boolean;
  /** Resolves when the client has gone or the stream has ended. */
  readonly closed: Promise<void>;
}

const KEEP_ALIVE_MS = 15_000;
/** Unsent bytes after which a client that does not read is let go. */
const BACKLOG_BYTES_MAX = 256 * 1024;

export function createEventStream(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
  keepAliveMs = KEEP_ALIVE_MS,
): EventStream {
  let keepAlive: NodeJS.Timeout | undefined;
  let isClosed = response.destroyed;
  let onClosed: () => void;
  const closed = new Promise<void>((resolve) => (onClosed = resolve));

  const close = () => {
    isClosed = true;
    clearInterval(keepAlive);
    onClosed();
  };
  if (isClosed) close();
  else response.once('close', close);

  const write = (text: string) => {
    response.write(text);
    if (response.writableLength > BACKLOG_BYTES_MAX) response.destroy();
  };
  const begin = () => {
    response.writeHead(200, {
      ...headers,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no', // nginx would hold events back
    });
    keepAlive = setInterval(() => write(': keep-alive\n\n'), keepAliveMs);
  };
  const end = () => {
    close();
    response.end();
  };

  return {
    send: (event, data) => {
      if (isClosed) return;
      if (!response.headersSent) begin();
      if (request.method === 'HEAD') end();
      else write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end,
    get isClosed() {
      return isClosed;
    },
    closed,
  };
}
