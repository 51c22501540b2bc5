import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Runs `call` with the URL of a service that gives every request the same answer. */
export async function serveAnswer<T>(status: number, body: object, call: (url: string) => Promise<T>) {
  const requests: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { requests, result: await call(`http://127.0.0.1:${port}`).finally(() => server.close()) };
}
