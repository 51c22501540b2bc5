import { buildAsyncApi, declareRoute } from '@souk/contracts';
import { AppError, createLogger, createMetrics, unavailable } from '@souk/service';
import { eventually } from '@souk/testing';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createHttpApp, type HttpApp, type HttpAppOptions } from './http-app';
import { BODY_BYTES_MAX } from './request/body-reader';
import { statusFailures, type FailureFormat } from './response/failure';

const text = z.string({ error: (issue) => (issue.input === undefined ? 'is required' : 'must be a string') });
const responses = { 200: { description: 'What was sent' } };
const about = { tag: 'Echo', summary: 'Gives back', responses };

const echoRoute = declareRoute({
  ...about,
  operationId: 'echo',
  method: 'post',
  path: '/echo',
  body: z.object({ name: text, more: text.optional() }),
  example: { name: 'a' },
  isIdempotent: true,
  takesPrefer: true,
});
const openRoute = declareRoute({
  ...about,
  operationId: 'open',
  method: 'post',
  path: '/open',
  body: z.object({ owner: text.optional() }),
  example: { owner: 'a' },
  isIdempotent: true,
  actsFor: ({ body: { owner } }) => (owner === undefined ? undefined : { kind: 'account', id: owner }),
  actsForNoOneWhen: '`owner` is absent',
});
const actRoute = declareRoute({ ...about, operationId: 'act', method: 'post', path: '/act', isIdempotent: true });
const thingRoute = declareRoute({
  ...about,
  operationId: 'thing',
  method: 'get',
  path: '/things/:name',
  params: z.object({ name: text }),
  query: z.object({ page: text.optional() }),
});
const putThingRoute = declareRoute({
  ...about,
  operationId: 'putThing',
  method: 'put',
  path: '/things/:name',
  isAdmin: true,
});
const waitRoute = declareRoute({ ...about, operationId: 'wait', method: 'get', path: '/wait' });
const holdRoute = declareRoute({
  ...about,
  operationId: 'hold',
  method: 'post',
  path: '/hold',
  body: z.object({}),
  example: {},
});
const throwRoute = declareRoute({
  ...about,
  operationId: 'throw',
  method: 'get',
  path: '/throw/:kind',
  params: z.object({ kind: z.string() }),
});
const eventsRoute = declareRoute({ ...about, operationId: 'events', method: 'get', path: '/events' });

const THROWN: Record<string, Error> = {
  bug: new TypeError('SELECT secret FROM /srv/souk/store.ts'),
  unavailable: unavailable('the broker', new Error('ECONNREFUSED 10.1.2.3')),
  timeout: new AppError('timeout', 'TIMEOUT', 'No answer in time'),
  rejected: new AppError('rejected', 'STOCK_RESERVED', 'Too much is reserved', { details: { reserved: 3 } }),
  overloaded: new AppError('overloaded', 'OVERLOADED', 'Too much to do'),
};

let app: HttpApp;
let release: () => void;
let gate: Promise<void>;

async function serve(options: Partial<HttpAppOptions> = {}) {
  app = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    service: { title: 'Echo', version: '1.0.0', description: 'Gives back what it gets.' },
    format: statusFailures,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    checks: {},
    adminKey: undefined,
    corsOrigins: [],
    inFlightMax: 100,
    ...options,
  });
  gate = new Promise((resolve) => (release = resolve));
  app.bind(echoRoute, ({ body }, { idempotency, prefer, correlationId, traceparent }) =>
    Promise.resolve({ status: 200, body: { body, idempotency, prefer, correlationId, traceparent } }),
  );
  app.bind(openRoute, (_input, { idempotency }) => Promise.resolve({ status: 200, body: idempotency }));
  app.bind(actRoute, (_input, { idempotency }) => Promise.resolve({ status: 200, body: { idempotency } }));
  app.bind(thingRoute, ({ params, query }) => Promise.resolve({ status: 200, body: { params, query } }));
  app.bind(putThingRoute, () => Promise.resolve({ status: 200, body: {} }));
  const hold = async () => {
    await gate;
    return { status: 200, body: {} };
  };
  app.bind(waitRoute, hold);
  app.bind(holdRoute, hold);
  app.bind(throwRoute, ({ params }) => Promise.reject(THROWN[params.kind]!));
  app.bindEventStream(eventsRoute, async (_input, _facts, stream) => {
    stream.send('status', '1', { now: 1 });
    await gate;
    stream.send('status', '2', { now: 2 });
    stream.end();
  });
  await app.start();
}

const call = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${app.port()}${path}`, init);

const post = (body: string | null, headers: Record<string, string> = {}) =>
  call('/echo', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

const answerOf = async (response: Response) => [response.status, ((await response.json()) as { code?: string }).code];

/** Sends raw bytes and returns everything received until the connection closes. */
const raw = (write: (send: (bytes: string) => boolean) => void, onData: () => void = () => undefined) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(app.port(), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('data', onData);
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
    socket.on('connect', () => write((bytes) => socket.write(bytes)));
  });

/** Sends 3 MB ten times and prints what it received each time, followed by the connection error, if any. */
const LARGE_BODY_CLIENT = `
  const [port, how] = process.argv.slice(1);
  const piece = 'a'.repeat(65_536);
  const send = () => new Promise((resolve) => {
    let received = '';
    const socket = require('node:net').connect(Number(port), '127.0.0.1', () => {
      const size = how === 'declared' ? 'Content-Length: ' + 48 * piece.length : 'Transfer-Encoding: chunked';
      socket.write('POST /echo HTTP/1.1\\r\\nHost: a\\r\\nContent-Type: application/json\\r\\n' + size + '\\r\\n\\r\\n');
      for (let n = 0; n < 48; n++) socket.write(how === 'declared' ? piece : '10000\\r\\n' + piece + '\\r\\n');
      if (how === 'chunked') socket.write('0\\r\\n\\r\\n');
    });
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', (error) => (received += error.code));
    socket.on('close', () => resolve(received));
  });
  (async () => {
    const answers = [];
    for (let n = 0; n < 10; n++) answers.push(await send());
    console.log(JSON.stringify(answers));
  })();
`;

const run = promisify(execFile);

afterEach(async () => {
  release();
  await app.stop();
});

describe('a body', () => {
  beforeEach(() => serve());

  test('arrives as sent, without unknown fields', async () => {
    const response = await post('{"name":"a","more":null,"unknown":1}');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ body: { name: 'a' } });
  });

  test('may arrive in pieces', async () => {
    const answer = await raw((send) => {
      send(
        'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
      );
      for (const piece of ['{"na', 'me":"caf', '\u00e9"}'])
        send(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
      send('0\r\n\r\n');
    });
    expect(answer).toContain('"name":"caf\u00e9"');
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON ;charset="UTF-8"',
    'application/json;profile="x"',
    'application/merge-patch+json',
  ])('of type %s is JSON', async (type) => {
    expect((await post('{"name":"a"}', { 'content-type': type })).status).toBe(200);
  });

  test.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/jsonp', {}],
    ['application/json/x', {}],
    ['application/json; charset=latin1', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
    ['multipart/form-data; boundary=a', {}],
  ])('of type %s %j gets 415, however large and malformed it is', async (type, headers) => {
    const response = await post('x'.repeat(BODY_BYTES_MAX + 1), { 'content-type': type, ...headers });
    expect(await answerOf(response)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  test('without a content type gets 415', async () => {
    expect(await answerOf(await call('/echo', { method: 'POST', body: new Uint8Array([123, 125]) }))).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
  });

  test('that is missing gets 400', async () => {
    expect(await answerOf(await post(null))).toEqual([400, 'INVALID_REQUEST']);
    expect(await answerOf(await call('/echo', { method: 'POST' }))).toEqual([400, 'INVALID_REQUEST']);
  });

  test('of 64 KiB is accepted, and one more byte gets 413', async () => {
    const ofSize = (bytes: number) => JSON.stringify({ name: 'a'.repeat(bytes - '{"name":""}'.length) });
    expect((await post(ofSize(BODY_BYTES_MAX))).status).toBe(200);
    expect(await answerOf(await post(ofSize(BODY_BYTES_MAX + 1)))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  test.each(['declared', 'chunked'])('of 3 MB, %s, is answered with 413, not with a reset', async (how) => {
    // From another process: in this one, the client would send everything before the server gets a turn.
    const { stdout } = await run(process.execPath, ['-e', LARGE_BODY_CLIENT, String(app.port()), how]);
    const answers = JSON.parse(stdout) as string[];
    expect(answers).toHaveLength(10);
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1.1 413 [^]*Connection: close[^]*PAYLOAD_TOO_LARGE/);
      expect(answer).not.toMatch(/E[A-Z]+$/);
    }
  });

  test('that never ends gets 413, and the connection is closed', async () => {
    const answer = await raw((send) => {
      send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n');
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  test('with several faults has all of them reported', async () => {
    const response = await call('/things/a?page=1&page=2', {});
    expect(await response.json()).toMatchObject({ fields: [{ field: 'page', message: 'must be a string' }] });
    const both = await post('{"more":1}');
    expect(both.status).toBe(400);
    expect(await both.json()).toEqual({
      status: 'failed',
      error: 'name is required; more must be a string',
      code: 'INVALID_REQUEST',
      fields: [
        { field: 'name', message: 'is required' },
        { field: 'more', message: 'must be a string' },
      ],
    });
  });
});

describe('a POST without required fields', () => {
  const send = (path: string, headers: string, body = '') =>
    raw((write) =>
      write(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIdempotency-Key: ${'k'.repeat(16)}\r\n${headers}\r\n\r\n${body}`,
      ),
    );
  const EMPTY = [
    ['no body', 'X: y'],
    ['no body, with a content type', 'Content-Type: application/json'],
    ['an empty body', 'Content-Length: 0'],
    ['an empty body of a form', 'Content-Length: 0\r\nContent-Type: application/x-www-form-urlencoded'],
    ['an empty body in chunks', 'Transfer-Encoding: chunked\r\nContent-Type: text/plain', '0\r\n\r\n'],
    ['{}', 'Content-Length: 2\r\nContent-Type: application/json', '{}'],
    ['{} without a content type', 'Content-Length: 2', '{}'],
    ['{} in chunks without a content type', 'Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'],
  ] as const;

  test.each(['/open', '/act'])(
    'accepts any form of an empty body and treats all of them as the same request: %s',
    async (path) => {
      await serve();
      const bodies = new Set<string>();
      for (const [what, headers, body] of EMPTY) {
        const answer = await send(path, headers, body);
        expect([what, answer.split('\r\n')[0]]).toEqual([what, 'HTTP/1.1 200 OK']);
        bodies.add(answer.slice(answer.indexOf('\r\n\r\n')));
      }
      expect(bodies.size).toBe(1);
    },
  );

  test.each(['/open', '/act'])('refuses a body that is malformed, of another type or too large: %s', async (path) => {
    await serve();
    const json = 'Content-Type: application/json';
    for (const [headers, body, status] of [
      [json, '{', 400],
      [json, '[]', 400],
      [json, ' ', 400],
      ['X: y', '{"owner"', 400],
      ['Content-Type: text/plain', '{}', 415],
      ['Content-Type: application/x-www-form-urlencoded', 'a=b', 415],
      [`${json}\r\nContent-Encoding: gzip`, '{}', 415],
      [json, `{"owner":"${'a'.repeat(BODY_BYTES_MAX)}"}`, 413],
    ] as const) {
      const answer = await send(path, `Content-Length: ${body.length}\r\n${headers}`, body);
      expect([headers, body.slice(0, 9), answer.slice(0, 12)]).toEqual([
        headers,
        body.slice(0, 9),
        `HTTP/1.1 ${status}`,
      ]);
    }
    const chunked = 'Transfer-Encoding: chunked\r\nContent-Type: text/plain';
    expect(await send(path, chunked, '2\r\n{}\r\n0\r\n\r\n')).toMatch(/^HTTP\/1.1 415/);
  });

  test('is documented with an optional body', async () => {
    await serve();
    const { paths } = (await (await call('/documentation/openapi.json')).json()) as {
      paths: Record<string, { post: { requestBody?: { required: boolean } } }>;
    };
    expect(['/open', '/act', '/echo'].map((path) => paths[path]!.post.requestBody?.required)).toEqual([
      ...[false, undefined, true],
    ]);
  });
});

describe('an idempotency key', () => {
  const open = (body: object, key: string) =>
    call('/open', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    });

  test('of a request that acts for no party must have at least 16 characters, not counting quotes', async () => {
    await serve();
    const key = 'k'.repeat(16);
    for (const long of [key, `"${key}"`]) expect(await (await open({}, long)).json()).toMatchObject({ key });
    for (const short of [key.slice(1), `"${key.slice(1)}"`])
      expect(await answerOf(await open({}, short))).toEqual([400, 'INVALID_REQUEST']);
    expect(await (await open({ owner: 'a' }, 'k')).json()).toMatchObject({ key: 'k' });
    // Validation comes before the key.
    expect(await (await open({ owner: 1 }, 'k')).json()).toMatchObject({ fields: [{ field: 'owner' }] });
  });

  test('of such a request has its minimum length documented', async () => {
    await serve();
    const { paths } = (await (await call('/documentation/openapi.json')).json()) as {
      paths: Record<string, { post: { parameters: { name: string; description: string }[] } }>;
    };
    const describedAt = (path: string) =>
      paths[path]!.post.parameters.find(({ name }) => name === 'Idempotency-Key')!.description;
    expect(describedAt('/open')).toContain('At least 16 characters when `owner` is absent.');
    expect(describedAt('/echo')).not.toContain('16');
  });

  beforeEach(() => serve());

  test('reaches the handler together with the fingerprint of the body', async () => {
    const first = await post('{"name":"a","x":1}', { 'idempotency-key': '"k-1"' });
    const second = await post('{ "x":1, "name":"a" }', { 'idempotency-key': 'k-1' });
    const { idempotency } = (await first.json()) as { idempotency: { key: string; fingerprint: string } };
    expect(idempotency).toEqual({ key: 'k-1', fingerprint: expect.stringMatching(/^[\w-]{43}$/) as string });
    expect(await second.json()).toMatchObject({ idempotency });
  });

  test.each(['a b', 'a'.repeat(256), '""', 'caf\u00e9'])('%s gets 400', async (key) => {
    expect(await answerOf(await post('{"name":"a"}', { 'idempotency-key': key }))).toEqual([400, 'INVALID_REQUEST']);
  });

  test('sent twice gets 400', async () => {
    const answer = await raw((send) => {
      send(
        'POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 12\r\n',
      );
      send('Idempotency-Key: a\r\nIdempotency-Key: a\r\n\r\n{"name":"a"}');
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  test('is checked after the body', async () => {
    const response = await post('{}', { 'idempotency-key': 'a b' });
    expect(await response.json()).toMatchObject({ error: 'name is required' });
  });
});

describe('a path', () => {
  beforeEach(() => serve({ adminKey: 's3cret' }));

  test('is the same with a trailing slash', async () => {
    expect(await (await call('/things/a/')).json()).toMatchObject({ params: { name: 'a' } });
  });

  test('that is unknown gets 404', async () => {
    for (const path of [
      '/nope',
      '/things',
      '/things/a/b',
      '/documentation/nope.js',
      '/documentation/..%2fpackage.json',
    ]) {
      expect(await answerOf(await call(path))).toEqual([404, 'NOT_FOUND']);
    }
  });

  test('that cannot be decoded gets 400', async () => {
    for (const path of ['/things/%zz', '/things/%ff', '/things/a?page=%ff']) {
      expect(await answerOf(await call(path))).toEqual([400, 'INVALID_REQUEST']);
    }
  });

  test('with an unknown parameter gets 400, and the answer names it and the valid ones', async () => {
    const response = await call('/things/a?pgae=2&page=1&%22x%22');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      status: 'failed',
      error: 'Unknown query parameter: pgae, "x"; valid ones are page',
      code: 'INVALID_REQUEST',
      fields: ['pgae', '"x"'].map((field) => ({ field, message: 'is not a query parameter; valid ones are page' })),
    });
    const onPost = await call('/echo?dryRun=true', { method: 'POST', body: '{' });
    expect(await onPost.json()).toMatchObject({ error: 'Unknown query parameter: dryRun; this route takes none' });
    expect((await call('/events?__proto__=1')).status).toBe(400);
    expect((await call(`/things/a?${'page=1&'.repeat(1_500)}x=1`)).status).toBe(400);
    expect((await call('/things/a?')).status).toBe(200);
  });

  test.each([
    ['/echo', 'GET', 'POST'],
    ['/things/a', 'DELETE', 'GET, HEAD, PUT'],
    ['/things/a/', 'PATCH', 'GET, HEAD, PUT'],
    ['/healthz', 'POST', 'GET, HEAD'],
    ['/metrics', 'PUT', 'GET, HEAD'],
    ['/documentation', 'POST', 'GET, HEAD'],
  ])('%s does not support %s, and the answer lists what it supports', async (path, method, allow) => {
    const response = await call(path, { method });
    expect(response.headers.get('allow')).toBe(allow);
    expect(await answerOf(response)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  test('lists its methods in answer to OPTIONS', async () => {
    const response = await call('/things/a', { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, PUT']);
  });

  test('answers HEAD like GET, without the body', async () => {
    const response = await call('/things/a', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
  });

  test('for admins checks the key before anything else', async () => {
    for (const key of [undefined, 'wrong']) {
      const response = await call('/things/a', { method: 'PUT', ...(key ? { headers: { 'x-api-key': key } } : {}) });
      expect(await answerOf(response)).toEqual([401, 'UNAUTHORIZED']);
    }
    expect((await call('/things/a', { method: 'PUT', headers: { 'x-api-key': 's3cret' } })).status).toBe(200);
    expect((await call('/things/a')).status).toBe(200);
  });

  test('that exceeds the header limit is refused in the usual format', async () => {
    const answer = await raw((send) => send(`GET /things/${'a'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`));
    expect(answer).toMatch(/^HTTP\/1.1 431 [^]*"status":"failed"/);
  });

  test('of a request that is not HTTP is refused in the usual format', async () => {
    expect(await raw((send) => send('HELLO\r\n\r\n'))).toMatch(/^HTTP\/1.1 400 [^]*"code":"INVALID_REQUEST"/);
  });
});

describe('a failure', () => {
  beforeEach(() => serve());

  test.each([
    ['bug', 500, { code: 'INTERNAL' }, null],
    ['unavailable', 503, { code: 'UNAVAILABLE' }, '1'],
    ['timeout', 504, { code: 'TIMEOUT' }, null],
    ['rejected', 409, { code: 'STOCK_RESERVED', reserved: 3 }, null],
    ['overloaded', 429, { code: 'OVERLOADED' }, '1'],
  ])('of kind %s is answered with %i', async (kind, status, body, retryAfter) => {
    const response = await call(`/throw/${kind}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await response.json()).toMatchObject({ status: 'failed', error: expect.any(String) as string, ...body });
  });

  test('reveals no internals', async () => {
    for (const kind of ['bug', 'unavailable']) {
      expect(await (await call(`/throw/${kind}`)).text()).not.toMatch(/SELECT|\.ts|ECONN|10\.1|TypeError| at /);
    }
  });

  test('has the format of the service, and its status for invalid fields', async () => {
    await app.stop();
    const format: FailureFormat = {
      contentType: 'application/problem+json',
      fieldFaultStatus: 422,
      body: ({ status, code, message }) => ({ title: code, status, detail: message }),
    };
    await serve({ format });
    const response = await post('{}');
    expect([response.status, response.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    expect(await response.json()).toEqual({ title: 'INVALID_REQUEST', status: 422, detail: 'name is required' });
    expect((await post('{')).status).toBe(400);
    expect(await (await call('/nope')).json()).toMatchObject({ title: 'NOT_FOUND' });
  });
});

describe('the limit on concurrent requests', () => {
  test('refuses further requests with 429 until earlier ones are answered', async () => {
    await serve({ inFlightMax: 2 });
    const waiting = [call('/wait'), call('/wait')];
    const refused = await eventually(async () => {
      const response = await call('/things/a');
      expect(response.status).toBe(429);
      return response;
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await answerOf(refused)).toEqual([429, 'OVERLOADED']);
    expect((await call('/healthz')).status).toBe(200);
    release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await call('/things/a')).status).toBe(200);
  });

  test('does not count a client that is still sending its body', async () => {
    await serve({ inFlightMax: 1 });
    const socket = connect(app.port(), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{');
    expect((await post('{"name":"a"}')).status).toBe(200);
    socket.destroy();
    expect((await post('{"name":"a"}')).status).toBe(200);
  });

  test('refuses a request without waiting for its body', async () => {
    await serve({ inFlightMax: 1 });
    const waiting = call('/wait');
    await eventually(async () => expect((await call('/things/a')).status).toBe(429));
    const answer = await raw((send) => {
      send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
    });
    expect(answer).toMatch(/^HTTP\/1.1 429 /);
    release();
    await waiting;
  });

  test('holds for bodies that arrive at the same time', async () => {
    await serve({ inFlightMax: 1 });
    const head =
      'POST /hold HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n';
    const isLetIn: Promise<void>[] = [];
    const send: ((bytes: string) => boolean)[] = [];
    const answers = [0, 1].map((index) => {
      let letIn: () => void;
      isLetIn.push(new Promise((resolve) => (letIn = resolve)));
      const write = (sendBytes: (bytes: string) => boolean) => {
        send[index] = sendBytes;
        sendBytes(head);
      };
      return raw(write, () => letIn());
    });
    await Promise.all(isLetIn);
    for (const each of send) each('{}');
    await Promise.race(answers); // one of them is refused while the other is held
    release();
    const statuses = (await Promise.all(answers)).map((answer) => answer.match(/HTTP\/1.1 \d+/g)?.join());
    expect(statuses.sort()).toEqual(['HTTP/1.1 100,HTTP/1.1 200', 'HTTP/1.1 100,HTTP/1.1 429']);
  });

  test('does not apply to event streams, which have their own', async () => {
    await serve({ inFlightMax: 1, eventStreamsMax: 1 });
    const open = await call('/events');
    expect(open.status).toBe(200);
    expect((await call('/events')).status).toBe(429);
    expect((await call('/things/a')).status).toBe(200);
    release();
    expect(await open.text()).toBe(
      'id: 1\nevent: status\ndata: {"now":1}\n\nid: 2\nevent: status\ndata: {"now":2}\n\n',
    );
    expect((await call('/events')).status).toBe(200);
  });
});

describe('a browser', () => {
  const origin = 'https://shop.example';

  test('may call from a listed origin and read the headers meant for clients', async () => {
    await serve({ corsOrigins: [origin] });
    const preflight = await call('/echo', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')!.toLowerCase().split(',')).toEqual(
      expect.arrayContaining(
        ['Content-Type', 'Idempotency-Key', 'Prefer', 'X-API-Key', 'X-Correlation-Id', 'Authorization']
          .concat(['If-Match', 'Last-Event-ID', 'traceparent', 'tracestate', 'baggage'])
          .map((name) => name.toLowerCase()),
      ),
    );
    const response = await post('{', { origin });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')!.split(',')).toEqual(
      expect.arrayContaining(['Location', 'Retry-After', 'Idempotency-Replayed', 'X-Correlation-Id', 'ETag']),
    );
  });

  test('may call from any port of a host listed with the port `*`, and from no other host', async () => {
    await serve({ corsOrigins: ['http://localhost:*', 'http://127.0.0.1:*'] });
    const allowedFor = async (from: string) =>
      (await post('{', { origin: from })).headers.get('access-control-allow-origin');
    for (const allowed of ['http://localhost:3000', 'http://localhost', 'http://127.0.0.1:65535']) {
      expect(await allowedFor(allowed)).toBe(allowed);
    }
    for (const foreign of [
      'https://localhost:3000',
      'http://localhost.evil.example:3000',
      'http://localhost:3000.evil.example',
    ])
      expect(await allowedFor(foreign)).toBeNull();
  });

  const echo = (headers: string) => `GET /things/a HTTP/1.1\r\n${headers}Origin: ${origin}\r\n\r\n`;

  test.each([
    ['an unknown expectation', 417, 'EXPECTATION_FAILED', echo('Host: a\r\nExpect: tea\r\nConnection: close\r\n')],
    ['a missing Host', 400, 'INVALID_REQUEST', echo('Connection: close\r\n')],
    ['two Host headers', 400, 'INVALID_REQUEST', echo('Host: a\r\nHost: a\r\nConnection: close\r\n')],
    ['CONNECT', 405, 'METHOD_NOT_ALLOWED', `CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nOrigin: ${origin}\r\n\r\n`],
    ['large headers', 431, 'INVALID_REQUEST', echo(`Host: a\r\nX-Large: ${'a'.repeat(20_000)}\r\n`)],
    ['something other than HTTP', 400, 'INVALID_REQUEST', `HELLO\r\nOrigin: ${origin}\r\n\r\n`],
  ])('can read the answer to %s', async (_, status, code, request) => {
    await serve({ corsOrigins: [origin] });
    const answer = await raw((send) => send(request));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`Access-Control-Allow-Origin: ${origin}\r\n`);
    expect(answer).toMatch(/Access-Control-Expose-Headers: [^\r]*X-Correlation-Id/);
    const body = answer.split('\r\n\r\n').pop()!;
    expect(JSON.parse(body)).toEqual({ status: 'failed', error: expect.any(String) as string, code });
  });

  test('cannot read those answers from another origin', async () => {
    await serve({ corsOrigins: [origin] });
    for (const request of [
      'HELLO\r\nOrigin: https://evil.example\r\n\r\n',
      echo('Connection: close\r\n').replace(origin, 'https://evil.example'),
    ]) {
      expect(await raw((send) => send(request))).not.toContain('Access-Control-Allow-Origin');
    }
  });

  test('may not call from another origin, or from any origin if none is listed', async () => {
    await serve({ corsOrigins: [origin] });
    expect(
      (await post('{}', { origin: 'https://evil.example' })).headers.get('access-control-allow-origin'),
    ).toBeNull();
    await app.stop();
    await serve();
    expect((await post('{}', { origin })).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('every answer', () => {
  beforeEach(() => serve());

  test('has the correlation id that the client sent, or a new one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const named = await post('{"name":"a"}', { 'x-correlation-id': 'cart-42', traceparent });
    expect(named.headers.get('x-correlation-id')).toBe('cart-42');
    expect(await named.json()).toMatchObject({ correlationId: 'cart-42', traceparent });
    const strange = await post('{"name":"a"}', { 'x-correlation-id': 'a b"}', traceparent: '00-0-0-0' });
    expect(strange.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await strange.json()).not.toHaveProperty('traceparent');
  });

  test('forbids caching and sniffing, and does not reveal the server software', async () => {
    for (const response of [await call('/things/a'), await call('/nope')]) {
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('etag')).toBeNull();
    }
  });

  test('is counted by operation and status', async () => {
    await call('/things/a');
    await call('/throw/bug');
    await call('/nope');
    const metrics = await (await call('/metrics')).text();
    expect(metrics).toMatch(/souk_http_request_duration_seconds_count\{[^}]*operation="thing",status="200"[^}]*\} 1/);
    expect(metrics).toMatch(/souk_http_request_duration_seconds_count\{[^}]*operation="throw",status="500"[^}]*\} 1/);
    expect(metrics).toMatch(
      /souk_http_request_duration_seconds_count\{[^}]*operation="unmatched",status="404"[^}]*\} 1/,
    );
    expect(metrics).toMatch(/souk_http_requests_in_flight\{[^}]*\} 0/);
  });
});

/** The URLs that a documentation page loads and links to. */
const linksOf = (page: string) => [...page.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, link]) => link!);

describe('the documentation', () => {
  beforeEach(() => serve({ messages: buildAsyncApi }));

  test.each(['/documentation', '/documentation/', '/docs', '/docs/', '/'])(
    'is at %s and loads everything from this service',
    async (path) => {
      const page = await call(path);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      const links = linksOf(await page.text());
      expect(links.length).toBeGreaterThan(3);
      for (const link of links) {
        const { pathname } = new URL(link, page.url);
        expect(pathname).toMatch(/^\/documentation(\/|$)/);
        expect([link, (await call(pathname)).status]).toEqual([link, 200]);
      }
    },
  );

  test.each(['/documentation', '/documentation/', '/documentation/asyncapi', '/documentation/asyncapi/'])(
    'works at %s behind a path prefix',
    async (path) => {
      const seenAt = `https://example.org/shop${path}`;
      for (const link of linksOf(await (await call(path)).text())) {
        expect(new URL(link, seenAt).href).toMatch(/^https:\/\/example.org\/shop\/documentation(\/|$)/);
      }
      for (const start of ['/', '/docs', '/docs/']) {
        const { status, headers } = await call(start, { redirect: 'manual' });
        const target = new URL(headers.get('location')!, `https://example.org/shop${start}`).href;
        expect([status, target]).toEqual([302, 'https://example.org/shop/documentation']);
      }
    },
  );

  test('links to the documentation of the other APIs on the host that the reader used', async () => {
    await app.stop();
    const apiLinks = [
      { name: 'Echo', at: 5003 },
      { name: 'Wallet API', at: 5004 },
      { name: 'ATM API', at: 'https://atm.example/api/' },
    ];
    await serve({ apiLinks });
    const page = await (await call('/documentation')).text();
    expect(page).toContain('<a href="//127.0.0.1:5004/documentation">Wallet API</a>');
    expect(page).toContain('<a href="https://atm.example/api/documentation">ATM API</a>');
    expect(page).not.toContain('5003');
  });

  test('loads the document of the served routes', async () => {
    const script = await (await call('/documentation/swagger-ui-init.js')).text();
    expect(script).toContain("new URL('openapi.json', document.currentScript.src)");
    expect(script).toContain('validatorUrl: null');
    const response = await call('/documentation/openapi.json');
    const document = (await response.json()) as { openapi: string; paths: object; servers: [{ url: string }] };
    expect(document.openapi).toBe('3.1.0');
    expect(new URL(document.servers[0].url, response.url).pathname).toBe('/');
    expect(Object.keys(document.paths)).toEqual([
      '/echo',
      '/open',
      '/act',
      '/things/{name}',
      '/wait',
      '/hold',
      '/throw/{kind}',
      '/events',
    ]);
  });
});

describe('the documentation of messages', () => {
  beforeEach(() => serve({ messages: buildAsyncApi }));

  test('is linked with the documentation of the routes and loads everything from this service', async () => {
    const routes = await (await call('/documentation')).text();
    expect(routes).toContain('href="./documentation/asyncapi"');
    const page = await call('/documentation/asyncapi');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = new Set(linksOf(await page.text()).map((link) => new URL(link, page.url).pathname));
    expect([...links]).toEqual(expect.arrayContaining(['/documentation', '/documentation/asyncapi.json']));
    for (const link of links) expect([link, (await call(link)).status]).toEqual([link, 200]);
  });

  test('serves its AsyncAPI document', async () => {
    expect(await (await call('/documentation/asyncapi.json')).json()).toEqual(
      JSON.parse(JSON.stringify(buildAsyncApi())),
    );
    expect((await call('/documentation/asyncapi', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
  });

  test('does not exist for a service without messages', async () => {
    await app.stop();
    await serve();
    expect(await answerOf(await call('/documentation/asyncapi'))).toEqual([404, 'NOT_FOUND']);
    expect(await (await call('/documentation')).text()).not.toContain('asyncapi');
  });
});

/** Another process that opens 50 connections, sends a request on each, reports that, and prints the statuses it receives. */
const FIFTY_CLIENTS = `
  const port = Number(process.argv[1]);
  const statuses = [];
  let sent = 0;
  for (let n = 0; n < 50; n++) {
    let received = '';
    const socket = require('node:net').connect(port, '127.0.0.1', () => {
      socket.write('GET /things/a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n', () => {
        if (++sent === 50) require('node:fs').writeSync(1, 'sent ');
      });
    });
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', (error) => (received += error.code));
    socket.on('close', () => {
      statuses.push(/^HTTP.1.1 200 [^]*Connection: close/.test(received) ? 200 : received);
      if (statuses.length === 50) console.log(JSON.stringify(statuses));
    });
  }
`;

describe('a shutdown', () => {
  test('completes requests in flight and accepts no more', async () => {
    await serve();
    const inFlight = call('/wait');
    await eventually(async () => expect(await (await call('/metrics')).text()).toMatch(/in_flight\{[^}]*\} 1/));
    const port = app.port();
    const began = performance.now();
    const stopped = app.stop();
    await app.stopAccepting();
    await expect(fetch(`http://127.0.0.1:${port}/things/a`)).rejects.toThrow();
    release();
    const { status, headers } = await inFlight;
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    await stopped;
    expect(performance.now() - began).toBeLessThan(2_000); // it does not wait for clients to disconnect
  });

  test('answers connections that are still in the accept queue', async () => {
    await serve();
    const output = join(await mkdtemp(join(tmpdir(), 'souk-queue-')), 'output');
    const file = openSync(output, 'w');
    const clients = spawn(process.execPath, ['-e', FIFTY_CLIENTS, String(app.port())], {
      stdio: ['ignore', file, file],
    });
    const exited = once(clients, 'exit');
    // Nothing is accepted while this thread is blocked: all fifty stay in the queue.
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const deadline = Date.now() + 10_000;
    while (readFileSync(output, 'utf8') === '' && Date.now() < deadline) Atomics.wait(pause, 0, 0, 20);
    await app.stop();
    await exited;
    expect(JSON.parse(readFileSync(output, 'utf8').replace('sent ', ''))).toEqual(Array<number>(50).fill(200));
  });

  test('is reported for the configured time before the port is closed', async () => {
    await serve({ shutdownDelayMs: 500 });
    const stopped = app.stop();
    const ready = await call('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', checks: { process: 'stopping' } },
    ]);
    expect((await call('/healthz')).status).toBe(200);
    const response = await call('/things/a');
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    await stopped;
  });

  test('does not wait for clients that connect and send nothing', async () => {
    await serve();
    const socket = connect(app.port(), '127.0.0.1');
    await once(socket, 'connect');
    const began = performance.now();
    await app.stop();
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});
