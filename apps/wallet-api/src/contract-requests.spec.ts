import { createLogger, createMetrics } from '@souk/service';
import { problem, type Sent } from '@souk/testing';
import { askWallet, type AskWallet } from '../test/ask-test-wallet';
import { buildApp, type WalletApp } from './app';
import { configSchema } from './config';

/*
 * Requests are validated before they reach the database, so these tests run without one. Every well-formed request gets 503, and
 * so would a malformed one that slipped through.
 */
const ADMIN_KEY = 'the-admin-key';
let app: WalletApp;
let ask: AskWallet;

beforeAll(async () => {
  const config = configSchema.parse({
    WALLET_DATABASE_URL: 'mysql://nobody:nothing@127.0.0.1:1/none',
    RABBITMQ_URL: 'amqp://127.0.0.1:1',
    ADMIN_API_KEY: ADMIN_KEY,
    CORS_ORIGINS: 'https://shop.example',
  });
  const context = { logger: createLogger('test', 'silent'), metrics: createMetrics('test') };
  app = buildApp({ ...config, PORT: 0, GRPC_PORT: 0 }, context);
  await app.start();
  ask = askWallet(`http://127.0.0.1:${app.port()}`);
});

afterAll(() => app.stop());

type Call = Parameters<AskWallet>[0];

const debit = { account_id: 'a', amount: 1 };
const transfer = { from_wallet_id: 'v', to_wallet_id: 'w', amount: '1' };
const withdraw = { operation_type: 'WITHDRAW', amount: 1 };
const deposit = { operation_type: 'DEPOSIT', amount: 1 };

/** Well-formed requests for every route, and whether they need the admin key. */
const WELL_FORMED: [call: Call, isAdmin: boolean, body?: unknown][] = [
  ['POST /accounts', false, {}],
  ['POST /accounts', false, { initial_balance: null }],
  ['POST /accounts', true, { initial_balance: 1 }],
  ['POST /accounts', true, { initial_balance: 0 }],
  ['GET /accounts/a', false],
  ['GET /accounts/a/balance', false],
  ['GET /accounts/a/transactions', false],
  ['POST /transactions/credit', true, debit],
  ['POST /transactions/debit', false, debit],
  ['POST /wallets/w/replenish', true, { amount: 1 }],
  ['POST /transfers', false, transfer],
  ['POST /api/v1/wallets/', false],
  ['GET /api/v1/wallets/w', false],
  ['POST /api/v1/wallets/w/operation', true, deposit],
  ['POST /api/v1/wallets/w/operation', false, withdraw],
];

describe.each(WELL_FORMED)('%s (admin: %j) %j', (call, isAdmin, body) => {
  it('is 503 with Retry-After until the schema exists, even with the admin key, and also with a trailing slash', async () => {
    for (const variant of [call, call.replace(/\/?$/, '/') as Call]) {
      const { status, body: answer, headers } = await ask(variant, { body, adminKey: ADMIN_KEY, key: 'k'.repeat(16) });
      const detail = expect.stringMatching(/not available; nothing was done/);
      expect([status, answer]).toEqual([503, problem(503, 'UNAVAILABLE', detail)]);
      expect(headers.get('retry-after')).toBe('1');
    }
  });

  it(isAdmin ? 'is 401 without the admin key or with a wrong one' : 'needs no admin key', async () => {
    const refused = problem(401, 'UNAUTHORIZED', 'X-API-Key is missing or wrong');
    for (const credentials of [{}, { adminKey: 'guess' }, { adminKey: '' }]) {
      const reply = await ask(call, { body, ...credentials });
      if (isAdmin) expect([reply.status, reply.body]).toEqual([401, refused]);
      else expect(reply.status).toBe(503);
    }
  });
});

/** The POST routes that need no field, so that a request may have no content. */
const OPTIONAL_BODIES: ReadonlySet<Call> = new Set<Call>(['POST /accounts', 'POST /api/v1/wallets/']);
const EMPTY_BODIES: [what: string, sent: Sent][] = [
  ['no body', {}],
  ['a content type without a body', { headers: { 'content-type': 'application/json' } }],
  ['an empty body', { body: '' }],
  ['an empty form', { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ['an empty object', { body: '{}' }],
];
const BAD_BODIES: [what: string, sent: Sent & { headers?: Record<string, string> }, status: number, code: string][] = [
  ['half an object', { body: '{"amount":1' }, 400, 'INVALID_REQUEST'],
  ['an array', { body: '[]' }, 400, 'INVALID_REQUEST'],
  ['null', { body: 'null' }, 400, 'INVALID_REQUEST'],
  ['NaN', { body: 'NaN' }, 400, 'INVALID_REQUEST'],
  [
    'a form',
    { body: 'amount=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['plain text', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'Latin-1',
    { body: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['64 KiB and a byte', { body: `{"note":"${'a'.repeat(65_536 - 10)}"}` }, 413, 'PAYLOAD_TOO_LARGE'],
];
const POSTS = WELL_FORMED.filter(([call]) => call.startsWith('POST ')).map(([call]) => call);

describe.each([...new Set(POSTS)])('%s', (call) => {
  it.each(EMPTY_BODIES.slice(0, OPTIONAL_BODIES.has(call) ? undefined : 4))(
    OPTIONAL_BODIES.has(call) ? 'accepts %s' : 'refuses %s',
    async (_what, sent) => {
      const reply = await ask(call, { adminKey: ADMIN_KEY, ...sent });
      if (OPTIONAL_BODIES.has(call)) expect(reply.status).toBe(503);
      else expect([reply.status, reply.body['code']]).toEqual([400, 'INVALID_REQUEST']);
    },
  );

  it.each(BAD_BODIES)('refuses %s', async (_what, sent, status, code) => {
    const reply = await ask(call, { adminKey: ADMIN_KEY, ...sent });
    expect([reply.status, reply.body]).toMatchObject([status, { status, code, detail: expect.any(String) as string }]);
    expect(Object.keys(reply.body)).toEqual(['type', 'title', 'status', 'detail', 'code']);
  });

  it('refuses a malformed idempotency key in an otherwise well-formed request', async () => {
    const [, , body] = WELL_FORMED.find(([candidate]) => candidate === call)!;
    for (const key of ['', 'a b', 'k'.repeat(256), '"a', 'ü']) {
      const reply = await ask(call, { adminKey: ADMIN_KEY, body, headers: { 'idempotency-key': key } });
      expect([key, reply.status, reply.body]).toMatchObject([key, 400, { code: 'INVALID_REQUEST' }]);
    }
  });
});

const INVALID_FIELDS: [call: Call, body: unknown, status: number, fields: string[]][] = [
  ['POST /transactions/debit', {}, 422, ['account_id', 'amount']],
  ['POST /transactions/debit', { account_id: null, amount: 1 }, 422, ['account_id']],
  ['POST /transactions/debit', { account_id: 7, amount: 1 }, 422, ['account_id']],
  ['POST /transactions/debit', { ...debit, account_id: ' a' }, 422, ['account_id']],
  ['POST /transactions/debit', { ...debit, account_id: 'a'.repeat(101) }, 422, ['account_id']],
  ['POST /transactions/debit', { ...debit, account_id: 'a\0' }, 400, ['account_id']],
  ['POST /transactions/debit', '{"account_id":"\\ud800","amount":1}', 400, ['account_id']],
  ['POST /transactions/debit', '{"account_id":NaN,"amount":1}', 422, ['account_id']],
  ['POST /transfers', {}, 422, ['from_wallet_id', 'to_wallet_id', 'amount']],
  ['POST /api/v1/wallets/w/operation', {}, 422, ['operation_type', 'amount']],
  ['POST /api/v1/wallets/w/operation', { ...withdraw, operation_type: 'withdraw' }, 422, ['operation_type']],
  ['POST /api/v1/wallets/w/operation', { ...withdraw, operation_type: ['WITHDRAW'] }, 422, ['operation_type']],
  ['POST /accounts', { name: ' ' }, 422, ['name']],
  ['POST /accounts', { name: 'a'.repeat(201) }, 422, ['name']],
  ['POST /accounts', { name: 1, reference: '' }, 422, ['name', 'reference']],
  ['POST /accounts', { reference: 'a\0' }, 400, ['reference']],
  ['GET /accounts/%20a', undefined, 422, ['id']],
  ['GET /accounts/a%00', undefined, 400, ['id']],
  ['GET /accounts/a/balance?at=yesterday', undefined, 422, ['at']],
  ['GET /accounts/a/balance?at=2026-02-30T00:00:00Z', undefined, 422, ['at']],
  ['GET /accounts/a/balance?at=2026-01-01', undefined, 422, ['at']],
  ['GET /accounts/a/transactions?limit=0', undefined, 422, ['limit']],
  ['GET /accounts/a/transactions?limit=501&after=', undefined, 422, ['after', 'limit']],
  [`GET /api/v1/wallets/${'a'.repeat(101)}`, undefined, 422, ['wallet_id']],
];

it.each(INVALID_FIELDS)('%s %j is %i and names the fields', async (call, body, status, fields) => {
  const reply = await ask(call, { body });
  expect([reply.status, reply.body]).toMatchObject([status, { code: 'INVALID_REQUEST' }]);
  expect((reply.body['fields'] as { field: string }[]).map(({ field }) => field)).toEqual(fields);
  for (const field of fields) expect(reply.body['detail']).toContain(field);
});

it('unknown paths and methods get problem details, too', async () => {
  expect((await ask('GET /nowhere')).body).toEqual(problem(404, 'NOT_FOUND', expect.any(String)));
  for (const [call, allow] of [
    ['DELETE /accounts', 'POST, GET, HEAD'],
    ['PUT /accounts/a', 'GET, HEAD'],
    ['GET /transfers', 'POST'],
    ['GET /api/v1/wallets', 'POST'],
  ] as const) {
    const { body, headers } = await ask(call);
    expect(body).toEqual(problem(405, 'METHOD_NOT_ALLOWED', expect.any(String)));
    expect(headers.get('allow')).toBe(allow);
  }
});

it('serves health, readiness by engine, metrics and documentation', async () => {
  expect((await ask('GET /healthz')).body).toEqual({ status: 'ok', checks: {} });
  const ready = await ask('GET /readyz');
  expect([ready.status, ready.body]).toEqual([503, { status: 'unavailable', checks: { database: 'unavailable' } }]);
  const url = `http://127.0.0.1:${app.port()}`;
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('souk_wallet_lane_calls');
  const docs = await fetch(`${url}/docs`);
  expect([docs.url, docs.status]).toEqual([`${url}/documentation`, 200]);
  expect((await ask('GET /documentation/openapi.json')).body).toMatchObject({ info: { title: 'Souk Wallet API' } });
});

it('pages from the configured origins may call and can read the response headers', async () => {
  const { headers } = await ask('GET /accounts/a', { headers: { origin: 'https://shop.example' } });
  expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
  for (const name of ['Location', 'Retry-After', 'Idempotency-Replayed'])
    expect(headers.get('access-control-expose-headers')).toContain(name);
});
