import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the service received. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** Answers one request; `breakOff` cuts the connection without an answer. */
export type Reply = (response: ServerResponse, received: Received) => void;

export const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };

export const fail = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}): Reply =>
  reply(status, { status: 'failed', error: `it is ${code}`, code, ...more }, headers);

export const breakOff: Reply = (response) => void response.destroy();

export interface TestService {
  url: string;
  received: Received[];
  /** Sets the next answers, in this order; the last one repeats. */
  script(...replies: Reply[]): void;
  stop(): Promise<void>;
}

/** An HTTP service with scripted answers. */
export async function startTestService(): Promise<TestService> {
  const received: Received[] = [];
  let replies: Reply[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const entry = { method: request.method!, path: request.url!, headers: request.headers, body };
    received.push(entry);
    const next = replies.length > 1 ? replies.shift() : replies[0];
    next?.(response, entry);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    script: (...scripted) => {
      replies = scripted;
      received.length = 0;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
