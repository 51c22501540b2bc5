import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** Exactly as received. */
  body: string;
}

type Respond = (response: ServerResponse, request: IncomingMessage) => void;

export interface TestReceiver {
  port: number;
  /** Its URL, with its IP address as the host. */
  url: string;
  received: Received[];
  /** Sets how requests are answered from now on; 200 at first. */
  respond(by: Respond): void;
  close(): Promise<void>;
}

export const withStatus =
  (status: number, headers: Record<string, string> = {}): Respond =>
  (response) =>
    response.writeHead(status, headers).end(`{"status":${status}}`);

/** Accepts a message and never answers. */
export const hang: Respond = () => undefined;

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
    respond: (by) => (respond = by),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
