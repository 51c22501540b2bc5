import { createOpenAccess } from '@souk/access';
import {
  declareRoute,
  WALLET_API_DESCRIPTION,
  WALLET_API_ROUTES,
  type RouteAccess,
  type RouteDeclaration,
} from '@souk/contracts';
import { createLogger, createMetrics } from '@souk/service';
import { eventually } from '@souk/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createHttpApp, type HttpApp } from '../http-app';
import { statusFailures } from '../response/failure';
import { createHttpConnections } from './http-connections';

const access: RouteAccess = { scope: 'shop:read', customers: 'all', limit: 'money' };
const common = { tag: 'Test', summary: 'Test', access, responses: { 200: { description: 'Done' } } };
const largeRoute = declareRoute({ ...common, operationId: 'large', method: 'get', path: '/large' });
const LARGE_BODY = { text: 'a'.repeat(200_000) };

let app: HttpApp | undefined;
let server: Server | undefined;
const children: ChildProcess[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const socket of sockets.splice(0)) socket.destroy();
  await app?.stop();
  server?.closeAllConnections();
  server?.close();
  app = server = undefined;
});

async function serveApp(onLarge: () => void = () => undefined): Promise<HttpApp> {
  app = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    service: WALLET_API_DESCRIPTION,
    format: statusFailures,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    checks: {},
    access: createOpenAccess(undefined, createLogger('test', 'silent')),
    corsOrigins: [],
    inFlightMax: 1_024,
  });
  app.bind(largeRoute, () => {
    onLarge();
    return Promise.resolve({ status: 200, body: LARGE_BODY });
  });
  const routes: readonly RouteDeclaration[] = WALLET_API_ROUTES;
  for (const route of routes) app.bind(route, () => Promise.resolve({ status: 200, body: {} }));
  await app.start();
  return app;
}

/** A bare server that receives its requests through `createHttpConnections`. */
async function serve(onRequest: RequestListener, bounds: Parameters<typeof createHttpConnections>[1] = {}) {
  const connections = createHttpConnections(onRequest, bounds);
  server = createServer(connections.receive).on('connection', connections.open);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { connections, port: (server.address() as AddressInfo).port };
}

async function connectTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** Another process that pipelines the same request on many connections, reports that, and reads nothing. */
const NEVER_READS = `
  const [port, path, connections, requests] = process.argv.slice(1);
  const bytes = ('GET ' + path + ' HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n').repeat(Number(requests));
  for (let n = 0; n < Number(connections); n++) {
    const socket = require('node:net').connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => undefined);
    socket.pause();
  }
  setTimeout(() => console.log('sent'), 50);
  setInterval(() => undefined, 1_000);
`;

async function pipelineUnread(port: number, path: string, connections: number, requests: number): Promise<void> {
  const child = spawn(process.execPath, ['-e', NEVER_READS, String(port), path, String(connections), String(requests)]);
  children.push(child);
  await once(child.stdout, 'data');
}

/** The slowest of ten successive requests for a page, in milliseconds. */
async function slowestMs(port: number, path: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 10; n++) {
    const startedAt = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    times.push(performance.now() - startedAt);
  }
  return Math.max(...times);
}

test.each(['/documentation/swagger-ui-bundle.js', '/metrics', '/large'])(
  'a client that pipelines thousands of requests for %s and reads nothing neither slows other clients down nor fills memory',
  async (path) => {
    const { port } = await serveApp();
    await slowestMs(port(), path);
    const memoryBefore = process.memoryUsage().rss;
    await pipelineUnread(port(), path, 5, 1_000);
    expect(await slowestMs(port(), '/healthz')).toBeLessThan(2_000);
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(150e6);
  },
  20_000,
);

test('no further request is started while an answer is unread, and a client that reads late gets all answers in order', async () => {
  let startedCount = 0;
  const { port } = await serveApp(() => startedCount++);
  const socket = await connectTo(port());
  socket.pause();
  socket.write(get('/large').repeat(200) + get('/nope'));
  await eventually(() => expect(startedCount).toBeGreaterThan(0));
  let previousCount: number;
  do {
    previousCount = startedCount;
    await slowestMs(port(), '/healthz');
  } while (previousCount !== startedCount);
  expect(startedCount).toBeLessThan(100);

  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1').replace(/a+/g, '');
  });
  socket.resume();
  await eventually(() => expect(received).toContain('NOT_FOUND'), 10_000);
  expect(startedCount).toBe(200);
  expect(received.match(/HTTP\/1.1 \d+/g)).toEqual([...Array<string>(200).fill('HTTP/1.1 200'), 'HTTP/1.1 404']);
});

test('requests on one connection are answered one at a time, requests on several connections concurrently', async () => {
  const releases: (() => void)[] = [];
  const paths: string[] = [];
  const { port } = await serve((request, response) => {
    paths.push(request.url!);
    releases.push(() => response.end(request.url));
  });
  const [first, second] = [await connectTo(port), await connectTo(port)];
  first.write(get('/1') + get('/2'));
  second.write(get('/3'));
  await eventually(() => expect(paths).toHaveLength(2));
  expect([...paths].sort()).toEqual(['/1', '/3']);
  for (const release of releases.splice(0)) release();
  await eventually(() => expect(paths).toContain('/2'));
  for (const release of releases.splice(0)) release();
});

test('a connection that exceeds the bound on waiting requests is closed, and other connections are served', async () => {
  const releases: (() => void)[] = [];
  const { port } = await serve((_request, response) => releases.push(() => response.end()), { waitingMax: 10 });
  const [greedy, modest] = [await connectTo(port), await connectTo(port)];
  greedy.write(get('/').repeat(12));
  await once(greedy, 'close');
  modest.write(get('/').repeat(5)); // the closed connection no longer counts towards the bound
  await eventually(() => expect(releases).toHaveLength(2));
  expect(modest.destroyed).toBe(false);
});

test('a request pipelined after an answer that closes the connection is not executed', async () => {
  const paths: string[] = [];
  const { port } = await serve((request, response) => {
    paths.push(request.url!);
    response.setHeader('Connection', 'close').end();
  });
  const socket = await connectTo(port);
  socket.write(get('/1') + get('/2') + get('/3'));
  socket.resume();
  await once(socket, 'close');
  expect(paths).toEqual(['/1']);
});

test('a client that never reads an answer is eventually disconnected', async () => {
  let isAnswered = false;
  const answer: RequestListener = (_request, response) => {
    response.end(Buffer.alloc(64e6));
    isAnswered = true;
  };
  const { connections, port } = await serve(answer, { unreadTimeoutMs: 200 });
  const expectConnections = (expected: number) =>
    eventually(async () => {
      const count = await new Promise<number>((resolve) =>
        server!.getConnections((_, openCount) => resolve(openCount)),
      );
      expect(count).toBe(expected);
    });
  const socket = await connectTo(port);
  socket.pause();
  socket.write(get('/'));
  await eventually(() => expect(isAnswered).toBe(true));
  await expectConnections(1);
  connections.watchUnread();
  await expectConnections(0);
});

test('an unreadable request is refused after the answers to the requests before it', async () => {
  let release: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { connections, port } = await serve((_request, response) => void held.then(() => response.end('first')));
  server!.on('clientError', (_error, socket) => connections.refuse(socket as Socket, 'refused'));
  const socket = await connectTo(port);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  socket.write(`${get('/')}HELLO\r\n\r\n`);
  await eventually(() => expect(server!.listenerCount('clientError')).toBe(1));
  release!();
  await once(socket, 'close');
  expect(received).toMatch(/^HTTP\/1.1 200 [^]*first[^]*refused$/);
});
