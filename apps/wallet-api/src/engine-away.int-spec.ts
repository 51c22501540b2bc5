import { migrationLock } from '@souk/database';
import { createLogger, createMetrics } from '@souk/service';
import { createCuttableProxy, createTestDatabase, eventually, problem, type TestDatabase } from '@souk/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { askWallet, openTestAccount } from '../test/ask-test-wallet';
import { brokenPromises, startTestWallet } from '../test/start-test-wallet';
import { buildApp } from './app';
import { configSchema } from './config';

let database: TestDatabase;
/** Whatever a test has started. It is stopped even if the test fails. */
const started: { stop(): Promise<void> }[] = [];
const user = `t_${randomBytes(5).toString('hex')}`;

beforeAll(async () => {
  database = await createTestDatabase('engine_away');
});

afterEach(async () => {
  await releaseLock();
  await Promise.all(started.splice(0).map((wallet) => wallet.stop()));
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await database.rows(`DROP USER IF EXISTS '${user}'@'%'`);
  await database.drop();
});

const releaseLock = () => database.rows('SELECT RELEASE_LOCK(?)', [migrationLock(database.schema)]);
const detail = expect.stringContaining('nothing was done');
const unavailableProblem = problem(503, 'UNAVAILABLE', detail);

it('until the schema exists, every well-formed request is 503 and the service is not ready', async () => {
  const [{ held } = {}] = await database.rows<{ held: number }>('SELECT GET_LOCK(?, 0) AS held', [
    migrationLock(database.schema),
  ]);
  expect(held).toBe(1);
  const config = configSchema.parse({ WALLET_DATABASE_URL: database.url, RABBITMQ_URL: 'amqp://127.0.0.1:1' });
  const context = { logger: createLogger('test', 'silent'), metrics: createMetrics('test') };
  const app = buildApp({ ...config, PORT: 0, GRPC_PORT: 0 }, context);
  started.push(app);
  await app.start();
  const ask = askWallet(`http://127.0.0.1:${app.port()}`);
  for (const call of ['POST /api/v1/wallets/', 'GET /accounts/a', `GET /api/v1/wallets/${randomUUID()}`] as const) {
    expect([call, (await ask(call)).body]).toEqual([call, unavailableProblem]);
  }
  const operation = { operation_type: 'WITHDRAW', amount: 1 };
  expect((await ask('POST /api/v1/wallets/w/operation', { body: operation })).body).toEqual(unavailableProblem);
  expect((await ask('POST /transfers', { body: {} })).status).toBe(422);
  expect((await ask('GET /readyz')).body).toEqual({ status: 'unavailable', checks: { database: 'unavailable' } });
  await releaseLock();
  await eventually(async () => expect((await ask('GET /readyz')).status).toBe(200));
  expect((await ask('POST /api/v1/wallets/')).status).toBe(200);
}, 30_000);

/** To the wallet, the database seems to be down while its user doesn't exist. */
const restoreDatabase = async () => {
  await database.rows(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`);
  await database.rows(`GRANT ALL ON \`${database.schema}\`.* TO '${user}'@'%'`);
};
const removeDatabase = async () => {
  await database.rows(`DROP USER '${user}'@'%'`);
  const sessions = await database.rows<{ id: number }>('SELECT id FROM information_schema.processlist WHERE user = ?', [
    user,
  ]);
  for (const { id } of sessions) await database.rows(`KILL ${id}`);
};

it('while the engine is down, an operation is FAILED and not stored, and everything else is 503; the same keys work once it is back', async () => {
  await restoreDatabase();
  const url = new URL(database.url);
  [url.username, url.password] = [user, 'secret'];
  const wallet = await startTestWallet({ url: url.href }, { DATABASE_ACQUIRE_TIMEOUT_MS: 500 });
  started.push(wallet);
  const ask = askWallet(wallet.url);
  const { accountId, walletId } = await openTestAccount(ask, '10');
  const operation = { body: { operation_type: 'WITHDRAW', amount: '1' }, key: randomUUID() };
  const debit = { body: { account_id: accountId, amount: '1' }, key: randomUUID() };
  const operate = () => ask(`POST /api/v1/wallets/${walletId}/operation`, operation);

  await removeDatabase();
  const failed = await operate();
  expect([failed.status, failed.body]).toMatchObject([200, { wallet_id: walletId, amount: '1.00', status: 'FAILED' }]);
  expect(failed.headers.get('idempotency-replayed')).toBeNull();
  for (const reply of [await ask('POST /transactions/debit', debit), await ask(`GET /accounts/${accountId}`)]) {
    expect(reply.body).toEqual(unavailableProblem);
    expect(reply.headers.get('retry-after')).toBe('1');
  }
  expect((await ask('GET /readyz')).body).toEqual({ status: 'unavailable', checks: { database: 'unavailable' } });
  expect((await ask('GET /healthz')).status).toBe(200);

  await restoreDatabase();
  const succeeded = await operate();
  expect([succeeded.status, succeeded.body['status']]).toEqual([200, 'SUCCESS']);
  expect(succeeded.headers.get('idempotency-replayed')).toBeNull();
  expect((await operate()).headers.get('idempotency-replayed')).toBe('true');
  expect((await ask('POST /transactions/debit', debit)).body).toMatchObject({ status: 'success', balance: 8 });
  expect((await ask('GET /readyz')).body).toEqual({ status: 'ok', checks: { database: 'ok' } });
}, 30_000);

it('while the engine hangs, all reads are 503 within 2 s; they work again once it responds', async () => {
  const url = new URL(database.url);
  const proxy = await createCuttableProxy({ host: url.hostname, port: Number(url.port) });
  started.push({ stop: () => proxy.close() });
  url.port = String(proxy.port);
  const wallet = await startTestWallet({ url: url.href });
  started.push(wallet);
  const ask = askWallet(wallet.url);
  const { accountId } = await openTestAccount(ask, '10');

  proxy.alter(() => Buffer.alloc(0)); // no responses, not even on new connections
  for (const call of [`GET /accounts/${accountId}`, `GET /accounts/${accountId}/balance`] as const) {
    const startedAt = performance.now();
    expect((await ask(call)).body).toEqual(unavailableProblem);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  }
  proxy.alter((chunk) => chunk);
  await eventually(async () => expect((await ask(`GET /accounts/${accountId}`)).status).toBe(200));
}, 30_000);
