import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEventWriter } from './event-writer';

/** One client's stream of server-sent events. Nothing, not even the status, is sent before the first event. */
export interface EventStream {
  /** The id of the last event that the client has seen, if it is reopening a stream. */
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

export function createEventStream(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
  keepAliveMs = KEEP_ALIVE_MS,
): EventStream {
  const writer = createEventWriter(response);
  let keepAliveTimer: NodeJS.Timeout | undefined;
  let isClosed = response.destroyed;
  let isEnding = false;
  let status = 200;
  let onClosed: (status: number) => void;
  const closed = new Promise<number>((resolve) => (onClosed = resolve));

  const close = () => {
    isClosed = true;
    clearInterval(keepAliveTimer);
    onClosed(status);
  };
  if (isClosed) close();
  else response.once('close', close);

  const begin = () => {
    response.writeHead(status, {
      ...headers,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no', // nginx would hold events back
    });
    keepAliveTimer = setInterval(writer.keepAlive, keepAliveMs);
  };
  const end = () => {
    isEnding = true;
    writer.end();
  };

  return {
    lastEventId: request.headers['last-event-id']?.toString(),
    send: (event, id, data) => {
      if (isClosed || isEnding) return;
      if (!response.headersSent) begin();
      if (request.method === 'HEAD') end();
      else writer.writeEvent(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
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
