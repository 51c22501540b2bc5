import { createOpenAccess } from '@souk/access';
import { callerOf, declareRoute, failureResponses, id, PROBLEM_FAILURE } from '@souk/contracts';
import { AppError, createLogger, createMetrics, unavailable } from '@souk/service';
import { LosslessNumber } from 'lossless-json';
import { connect } from 'node:net';
import { z } from 'zod';
import { createHttpApp, type HttpApp } from '../http-app';
import { failureAnswer } from './answer';
import { problemFailures } from './failure';
import { exactJson } from './json-text';

const SHORT = { status: 400, code: 'SHORT', message: 'Not enough', details: { by: z.string() } };
const responses = { 200: { description: 'Done' }, ...failureResponses(PROBLEM_FAILURE)(SHORT) };
const common = { tag: 'Things', summary: 'Does something', responses };

const actRoute = declareRoute({
  ...common,
  operationId: 'act',
  method: 'post',
  path: '/things/:id',
  description: 'Acts.',
  params: z.object({ id: id('The thing', 'a') }),
  body: z.object({ wish: z.string({ error: 'is required' }) }),
  example: { wish: 'look' },
  isIdempotent: true,
  access: {
    scope: 'wallet:write',
    adminBodies: { when: '`wish` is `make`', holds: ({ wish }) => wish === 'make' },
    customers: 'own',
    limit: 'money',
  },
  actsFor: ({ params }) => ({ kind: 'account', id: params.id }),
});

const THROWN: Record<string, Error> = {
  bug: new TypeError('SELECT secret'),
  unavailable: unavailable('The database'),
  timeout: new AppError('timeout', 'TIMEOUT', 'No answer in time'),
  overloaded: new AppError('overloaded', 'OVERLOADED', 'Too much to do'),
  'not-there': new AppError('not_found', 'THING_NOT_FOUND', 'Thing not found', { details: { status: 'mine' } }),
};

let app: HttpApp;

async function serve(options: { adminKey?: string; inFlightMax?: number } = {}): Promise<void> {
  app = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    service: { title: 'Things', version: '1.0.0', description: 'Does things.' },
    format: problemFailures,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    checks: {},
    access: createOpenAccess(options.adminKey, createLogger('test', 'silent')),
    corsOrigins: [],
    inFlightMax: options.inFlightMax ?? 100,
  });
  app.bind(actRoute, (input, facts) => {
    const { wish } = input.body;
    const thrown = THROWN[wish];
    if (thrown) return Promise.reject(thrown);
    if (wish === 'more') {
      const headers = { 'Idempotency-Replayed': 'true' };
      return Promise.resolve(failureAnswer(problemFailures, SHORT, { details: { by: '0.01' }, headers }));
    }
    const caller = callerOf(actRoute, input, facts.caller);
    return Promise.resolve({ status: 200, body: exactJson({ caller, balance: new LosslessNumber('50.00') }) });
  });
  await app.start();
}

const act = (body: string, headers: Record<string, string> = {}, path = '/things/a') =>
  fetch(`http://127.0.0.1:${app.port()}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({
    type: 'about:blank',
    title: expect.stringMatching(/^[A-Z]/) as string,
    status: response.status,
    detail: expect.stringMatching(/./) as string,
    code: expect.stringMatching(/^[A-Z_]+$/) as string,
  });
  return problem;
}

afterEach(() => app.stop());

describe('every failure is a problem with a detail and a code', () => {
  test.each([
    ['malformed JSON', '{', 400, 'INVALID_REQUEST'],
    ['NaN for a string', '{"wish":NaN}', 422, 'INVALID_REQUEST'],
    ['JSON that is not an object', '[]', 400, 'INVALID_REQUEST'],
    ['an invalid field', '{}', 422, 'INVALID_REQUEST'],
    ['a bug', '{"wish":"bug"}', 500, 'INTERNAL'],
    ['an engine that is down', '{"wish":"unavailable"}', 503, 'UNAVAILABLE'],
    ['a timeout', '{"wish":"timeout"}', 504, 'TIMEOUT'],
    ['an overload', '{"wish":"overloaded"}', 429, 'OVERLOADED'],
    ['a missing resource', '{"wish":"not-there"}', 404, 'THING_NOT_FOUND'],
    ['a body that is too large', `{"wish":"${'a'.repeat(70_000)}"}`, 413, 'PAYLOAD_TOO_LARGE'],
  ])('%s', async (_case, body, status, code) => {
    await serve();
    const response = await act(body);
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ status, code });
    expect(response.headers.get('retry-after')).toBe([429, 503].includes(status) ? '1' : null);
  });

  test('a content type other than JSON, an invalid key, an unknown path and an unsupported method', async () => {
    await serve();
    expect(await problemOf(await act('{}', { 'content-type': 'text/plain' }))).toMatchObject({ status: 415 });
    expect(await problemOf(await act('{"wish":"look"}', { 'idempotency-key': 'a b' }))).toMatchObject({ status: 400 });
    expect(await problemOf(await act('{}', {}, '/nope'))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await problemOf(await act('{}', {}, '/things/%zz'))).toMatchObject({ status: 400 });
    const unsupported = await fetch(`http://127.0.0.1:${app.port()}/things/a`);
    expect(unsupported.headers.get('allow')).toBe('POST');
    expect(await problemOf(unsupported)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  });

  test('a service at its limit of concurrent requests', async () => {
    await serve({ inFlightMax: 0 });
    const response = await act('{"wish":"look"}');
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'OVERLOADED' });
    expect(response.headers.get('retry-after')).toBe('1');
  });

  test('a request that is not HTTP', async () => {
    await serve();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(app.port(), '127.0.0.1', () => socket.write('HELLO\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString())).on('close', () => resolve(received));
    });
    expect(answer).toMatch(
      /^HTTP\/1.1 400 [^]*application\/problem\+json[^]*"detail":"[^"]+","code":"INVALID_REQUEST"/,
    );
  });

  test('a refusal from a handler, with its details', async () => {
    await serve();
    const response = await act('{"wish":"more"}');
    const problem = await problemOf(response);
    expect(problem).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'Not enough',
      code: 'SHORT',
      by: '0.01',
    });
    expect(response.headers.get('idempotency-replayed')).toBe('true');
    expect(PROBLEM_FAILURE.schema(SHORT).parse(problem)).toEqual(problem);
  });
});

test('an invalid field is named', async () => {
  await serve();
  expect(await problemOf(await act('{}'))).toMatchObject({
    detail: 'wish is required',
    fields: [{ field: 'wish', message: 'is required' }],
  });
});

test.each([
  ['NUL', '%00', 400],
  ['trailing white space', 'a%20', 422],
  ['101 characters', 'a'.repeat(101), 422],
])('an id with %s is refused', async (_case, segment, status) => {
  await serve();
  const problem = await problemOf(await act('{"wish":"look"}', {}, `/things/${segment}`));
  expect(problem).toMatchObject({ status, code: 'INVALID_REQUEST' });
});

test('a detail cannot override a member of the problem', async () => {
  await serve();
  expect(await problemOf(await act('{"wish":"not-there"}'))).toMatchObject({ status: 404 });
});

test('an exact number keeps all its digits', async () => {
  await serve();
  expect(await (await act('{"wish":"look"}')).text()).toBe('{"caller":"account:a","balance":50.00}');
});

describe('a route that requires the key for some bodies', () => {
  test('requires it only for those bodies', async () => {
    await serve({ adminKey: 's3cret' });
    for (const headers of [{}, { 'x-api-key': 'wrong' }] as Record<string, string>[]) {
      expect(await problemOf(await act('{"wish":"make"}', headers))).toMatchObject({
        status: 401,
        code: 'UNAUTHORIZED',
      });
      expect((await act('{"wish":"look"}', headers)).status).toBe(200);
    }
    expect((await act('{"wish":"make"}', { 'x-api-key': 's3cret' })).status).toBe(200);
  });

  test('does not require it if none is set', async () => {
    await serve();
    expect((await act('{"wish":"make"}')).status).toBe(200);
  });

  test('says so in the documentation', async () => {
    await serve();
    const response = await fetch(`http://127.0.0.1:${app.port()}/documentation/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, Record<string, unknown>>> };
    const operation = paths['/things/{id}']!['post']!;
    expect(operation['description']).toBe(
      'Acts. Requires the scope `wallet:admin` when `wish` is `make`. Counts towards the `money` rate limit.',
    );
    expect(operation['security']).toEqual([{ ApiKey: ['wallet:write'] }, { CustomerToken: [] }, {}]);
    expect(Object.keys((operation['responses'] as Record<string, { content: object }>)['400']!.content)).toEqual([
      'application/problem+json',
    ]);
  });
});

test('the caller is the admin key if it was verified, otherwise the party that the request acts for', async () => {
  await serve({ adminKey: 's3cret' });
  const callerWith = async (headers: Record<string, string>) =>
    ((await (await act('{"wish":"look"}', headers)).json()) as { caller: string }).caller;
  expect(await callerWith({ 'x-api-key': 's3cret' })).toBe('admin-key');
  expect(await callerWith({ 'x-api-key': 'wrong' })).toBe('account:a');
  expect(await callerWith({})).toBe('account:a');
});
