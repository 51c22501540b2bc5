import { createOpenAccess } from '@souk/access';
import { declareRoute, type RouteAccess } from '@souk/contracts';
import { AppError, createLogger, createMetrics, unavailable } from '@souk/service';
import { connect } from 'node:net';
import { z } from 'zod';
import { createHttpApp, type HttpApp, type HttpAppOptions } from '../src/http-app';
import { statusFailures } from '../src/response/failure';

const text = z.string({ error: (issue) => (issue.input === undefined ? 'is required' : 'must be a string') });
const responses = { 200: { description: 'The input that was sent' } };
const access: RouteAccess = { scope: 'shop:write', customers: 'all', limit: 'cart' };
const common = { tag: 'Echo', summary: 'Returns its input', access, responses };

const echoRoute = declareRoute({
  ...common,
  operationId: 'echo',
  method: 'post',
  path: '/echo',
  body: z.object({ name: text, more: text.optional() }),
  example: { name: 'a' },
  isIdempotent: true,
  takesPrefer: true,
});
const openRoute = declareRoute({
  ...common,
  operationId: 'open',
  method: 'post',
  path: '/open',
  body: z.object({ owner: text.optional() }),
  example: { owner: 'a' },
  isIdempotent: true,
  actsFor: ({ body: { owner } }) => (owner === undefined ? undefined : { kind: 'account', id: owner }),
  actsForNoOneWhen: '`owner` is absent',
});
const actRoute = declareRoute({ ...common, operationId: 'act', method: 'post', path: '/act', isIdempotent: true });
const thingRoute = declareRoute({
  ...common,
  operationId: 'thing',
  method: 'get',
  path: '/things/:name',
  params: z.object({ name: text }),
  query: z.object({ page: text.optional() }),
});
const putThingRoute = declareRoute({
  ...common,
  operationId: 'putThing',
  method: 'put',
  path: '/things/:name',
  access: { scope: 'shop:admin', customers: 'none', limit: 'admin' },
});
const operatorsRoute = declareRoute({
  ...common,
  operationId: 'operators',
  method: 'get',
  path: '/operators',
  access: { scope: 'operator', customers: 'none', limit: 'admin' },
});
const waitRoute = declareRoute({ ...common, operationId: 'wait', method: 'get', path: '/wait' });
const holdRoute = declareRoute({
  ...common,
  operationId: 'hold',
  method: 'post',
  path: '/hold',
  body: z.object({}),
  example: {},
});
const throwRoute = declareRoute({
  ...common,
  operationId: 'throw',
  method: 'get',
  path: '/throw/:kind',
  params: z.object({ kind: z.string() }),
});
const eventsRoute = declareRoute({ ...common, operationId: 'events', method: 'get', path: '/events' });

const THROWN: Record<string, Error> = {
  bug: new TypeError('SELECT secret FROM /srv/souk/store.ts'),
  unavailable: unavailable('the broker', new Error('ECONNREFUSED 10.1.2.3')),
  timeout: new AppError('timeout', 'TIMEOUT', 'No answer in time'),
  rejected: new AppError('rejected', 'STOCK_RESERVED', 'Too much is reserved', { details: { reserved: 3 } }),
  overloaded: new AppError('overloaded', 'OVERLOADED', 'Too much to do'),
};

type EchoOptions = Partial<HttpAppOptions> & { adminKey?: string };

/** A service that returns what it receives. At most one runs at a time. */
interface EchoService {
  /** Starts a service after stopping the one that is running. */
  start(options?: EchoOptions): Promise<void>;
  /** The running service. */
  app(): HttpApp;
  /** Answers the requests to `/wait` and `/hold`, and ends the streams of `/events`. */
  release(): void;
  /** Releases all waiting requests and stops the service. */
  stop(): Promise<void>;
  call(path: string, init?: RequestInit): Promise<Response>;
  /** Posts JSON to `/echo`. */
  post(body: string | null, headers?: Record<string, string>): Promise<Response>;
  /** Sends raw bytes and returns everything received until the connection closes. */
  raw(write: (send: (bytes: string) => boolean) => void, onData?: () => void): Promise<string>;
}

export function createEchoService(): EchoService {
  let current: { app: HttpApp; release: () => void } | undefined;
  const app = () => current!.app;
  const release = () => current?.release();
  const stop = async () => {
    release();
    await current?.app.stop();
    current = undefined;
  };
  const call = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${app().port()}${path}`, init);

  return {
    app,
    release,
    stop,
    start: async (options = {}) => {
      await stop();
      current = await startEchoApp(options);
    },
    call,
    post: (body, headers = {}) =>
      call('/echo', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }),
    raw: (write, onData = () => undefined) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(app().port(), '127.0.0.1');
        let received = '';
        socket.on('data', (chunk) => (received += chunk.toString()));
        socket.on('data', onData);
        socket.on('close', () => resolve(received));
        socket.on('error', reject);
        socket.on('connect', () => write((bytes) => socket.write(bytes)));
      }),
  };
}

async function startEchoApp({ adminKey, ...options }: EchoOptions): Promise<{ app: HttpApp; release: () => void }> {
  const app = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    service: { title: 'Echo', version: '1.0.0', description: 'Returns what it receives.' },
    format: statusFailures,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    checks: {},
    access: createOpenAccess(adminKey, createLogger('test', 'silent')),
    corsOrigins: [],
    inFlightMax: 100,
    ...options,
  });
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  app.bind(echoRoute, ({ body }, { idempotency, prefer, correlationId, traceparent }) =>
    Promise.resolve({ status: 200, body: { body, idempotency, prefer, correlationId, traceparent } }),
  );
  app.bind(openRoute, (_input, { idempotency }) => Promise.resolve({ status: 200, body: idempotency }));
  app.bind(actRoute, (_input, { idempotency }) => Promise.resolve({ status: 200, body: { idempotency } }));
  app.bind(thingRoute, ({ params, query }) => Promise.resolve({ status: 200, body: { params, query } }));
  app.bind(operatorsRoute, () => Promise.resolve({ status: 200, body: {} }));
  app.bind(putThingRoute, () => Promise.resolve({ status: 200, body: {} }));
  const hold = async () => {
    await released;
    return { status: 200, body: {} };
  };
  app.bind(waitRoute, hold);
  app.bind(holdRoute, hold);
  app.bind(throwRoute, ({ params }) => Promise.reject(THROWN[params.kind]!));
  app.bindEventStream(eventsRoute, async (_input, _facts, stream) => {
    stream.send('status', '1', { now: 1 });
    await released;
    stream.send('status', '2', { now: 2 });
    stream.end();
  });
  await app.start();
  return { app, release };
}

/** The status and the code of an answer. */
export const statusAndCode = async (response: Response) => [
  response.status,
  ((await response.json()) as { code?: string }).code,
];
