import { createTestDatabase, eventually, type TestDatabase } from '@souk/testing';
import { Agent, request } from 'node:http';
import { askWallet, openTestAccount, type AskWallet } from '../test/ask-test-wallet';
import { brokenPromises, startTestWallet, type TestWallet } from '../test/start-test-wallet';

const POOL = 10;
const CONNECTIONS = 500;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase('connections');
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await database.drop();
});

const start = async (settings: Parameters<typeof startTestWallet>[1]): Promise<[TestWallet, AskWallet]> => {
  const wallet = await startTestWallet(database, { DATABASE_POOL: POOL, ...settings });
  return [wallet, askWallet(wallet.url)];
};

/** The connections to the schema, as the engine sees them. */
const connections = () =>
  database.rows<{ command: string }>(
    `SELECT command FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()`,
  );

const openTransactions = () =>
  database.rows(
    `SELECT t.trx_id FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
      WHERE p.db = DATABASE()`,
  );

/** Sends one request on its own connection. @returns the status */
function send(url: string, agent: Agent, method: string, body?: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const clientRequest = request(
      url,
      { method, agent, headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode!));
      },
    );
    clientRequest.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

it.each([1_024, 100])(
  'serves 500 connections at once with a pool of 10 and at most %i requests in flight',
  async (IN_FLIGHT_MAX) => {
    const [wallet, ask] = await start({ IN_FLIGHT_MAX });
    const accounts = await Promise.all(Array.from({ length: 10 }, () => openTestAccount(ask)));
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const credited = new Map(accounts.map(({ accountId }) => [accountId, 0]));
    const statuses = new Map<number, number>();

    for (let round = 0; round < 3; round++) {
      await Promise.all(
        Array.from({ length: CONNECTIONS }, async (_, index) => {
          const { accountId } = accounts[index % accounts.length]!;
          const isRead = index % 2 === round % 2;
          const status = isRead
            ? await send(`${wallet.url}/accounts/${accountId}/balance`, agent, 'GET')
            : await send(`${wallet.url}/transactions/credit`, agent, 'POST', { account_id: accountId, amount: 1 });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (!isRead && status === 200) credited.set(accountId, credited.get(accountId)! + 1);
        }),
      );
      expect((await connections()).length).toBeLessThanOrEqual(POOL);
    }
    agent.destroy();

    expect([...statuses.keys()].filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
    expect(statuses.get(200)).toBeGreaterThan(100);
    if (IN_FLIGHT_MAX < CONNECTIONS) expect(statuses.get(429)).toBeGreaterThan(0);
    else expect([...statuses.keys()]).toEqual([200]);

    await eventually(async () => {
      expect((await connections()).filter(({ command }) => command !== 'Sleep')).toEqual([]);
      expect(await openTransactions()).toEqual([]);
      const { total, idle, waiting } = wallet.db.poolUse();
      expect([total - idle, waiting]).toEqual([0, 0]);
      expect(total).toBeLessThanOrEqual(POOL);
      expect(await wallet.metrics.metrics()).toMatch(/souk_http_requests_in_flight\S* 0\n/);
    });
    for (const [accountId, count] of credited) {
      expect((await ask(`GET /accounts/${accountId}/balance`)).text).toContain(`"balance":${count}.00`);
    }
    await wallet.stop();
    await eventually(async () => expect(await connections()).toEqual([]));
  },
  60_000,
);
