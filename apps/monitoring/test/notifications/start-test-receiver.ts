import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** The body exactly as received. */
  body: string;
}

type Responder = (response: ServerResponse, request: IncomingMessage) => void;

export interface TestReceiver {
  port: number;
  /** The receiver's URL, with an IP address as its host. */
  url: string;
  received: Received[];
  /** Sets how the receiver responds from now on; at first, it responds with 200. */
  respondWith(responder: Responder): void;
  close(): Promise<void>;
}

export const withStatus =
  (status: number, headers: Record<string, string> = {}): Responder =>
  (response) =>
    response.writeHead(status, headers).end(`{"status":${status}}`);

/** Accepts a request and never responds. */
export const hang: Responder = () => undefined;

/** Receives webhooks on a free port of this machine. */
export async function startTestReceiver(): Promise<TestReceiver> {
  const received: Received[] = [];
  let respond = withStatus(200);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      respond(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    respondWith: (responder) => (respond = responder),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
