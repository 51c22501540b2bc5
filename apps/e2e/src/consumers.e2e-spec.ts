import { eventually } from '@souk/testing';
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brokenDerivations, republishEvents, waitUntilAllApplied } from '../test/applied-events';
import { CONSUMERS, ENGINES } from '../test/souk-processes';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { openAccounts, performOperation, sampleOperations, type Account } from '../test/wallet-operations';

const MINUTE_MS = 60_000;
const CLIENTS = 32;
const WALLETS = 24;
/** `OPERATIONS=50000 npm test -- --e2e consumers` runs for longer. */
const OPERATIONS = Number(process.env['OPERATIONS'] ?? 6_000);
/** Number of completed operations between two disturbances. */
const DISTURB_EVERY = Math.max(500, Math.ceil(OPERATIONS / 25));

let souk: SoukSystem;

beforeAll(async () => {
  souk = await startSouk({ WEBHOOK_ALLOW_PRIVATE: 'true' });
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

/** Disturbances that take turns while money moves. */
const disturbances = [
  () => souk.kill('monitoring'),
  () => republishEvents(souk, 300),
  () => souk.kill('wallet-api'),
  async () => {
    await souk.freeze('monitoring');
    await republishEvents(souk, 300);
    await souk.thaw('monitoring');
  },
  ...ENGINES.filter((engine) => engine !== 'redis').map((engine) => () => souk.kill(engine)),
  () => souk.kill('monitoring'),
];

test(
  'consumers, wallet and engines are killed, and events arrive twice and in any order: no event is missed or applied twice',
  async () => {
    const accounts = await openAccounts(souk, WALLETS);
    const remaining = sampleOperations(OPERATIONS, WALLETS);
    let completed = 0;
    let disturbance = Promise.resolve();
    const client = async () => {
      for (let operation = remaining.pop(); operation; operation = remaining.pop()) {
        await performOperation(souk, accounts, operation);
        completed += 1;
        const turn = completed / DISTURB_EVERY;
        if (Number.isInteger(turn))
          disturbance = disturbance.then(() => disturbances[turn % disturbances.length]!()).then(souk.healthy);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await disturbance;
    await republishEvents(souk, 1_000);

    await waitUntilAllApplied(souk);
    expect(await brokenDerivations(souk)).toEqual([]);
    expect(await souk.audit()).toEqual([]);
  },
  (4 + OPERATIONS / 1_000) * MINUTE_MS,
);

test(
  'a rebuild from the first event produces the same alerts, notifications and sums',
  async () => {
    const readDerivedData = () =>
      Promise.all([
        souk.rows('SELECT * FROM monitoring.alert ORDER BY id'),
        souk.rows('SELECT * FROM monitoring.notification ORDER BY account_id, sequence'),
        souk.rows('SELECT * FROM monitoring.analytics_hour ORDER BY hour, type, status, reason'),
      ]);
    await waitUntilAllApplied(souk);
    const before = await readDerivedData();
    expect(before.map(({ length }) => length > 0)).toEqual([true, true, true]);
    for (const consumer of CONSUMERS) await souk.rebuild(consumer);
    await waitUntilAllApplied(souk);
    expect(await readDerivedData()).toEqual(before);
    expect(await souk.audit()).toEqual([]);
  },
  5 * MINUTE_MS,
);

const receivers: Server[] = [];

afterAll(() => receivers.forEach((server) => server.close()));

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Starts a webhook receiver that responds to its nth request with `statusOf(n)`. */
async function startReceiver(statusOf: (nth: number) => number): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      response.statusCode = statusOf(received.push({ headers: request.headers, body }));
      response.end();
    });
  });
  receivers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

test(
  'a signed notification reaches the webhook, even if the receiver fails at first and the sender is killed',
  async () => {
    const receiver = await startReceiver((nth) => (nth <= 2 ? 500 : 200));
    const [account] = (await openAccounts(souk, 1)) as [Account];
    const put = await souk.sendToMonitoring('PUT', `/accounts/${account.id}/webhook`, { url: receiver.url });
    expect(put.status).toBe(200);
    const secret = String(put.body['secret']);
    await souk.sendToWallet('POST', '/transactions/credit', { account_id: account.id, amount: '12.34' });
    await eventually(() => expect(receiver.received.length).toBeGreaterThan(0), MINUTE_MS);
    await souk.kill('monitoring');
    await souk.healthy();
    await eventually(() => expect(receiver.received.length).toBeGreaterThan(2), MINUTE_MS);
    for (const { headers, body } of receiver.received) {
      expect(headers['webhook-signature']).toBe(signatureOf(secret, headers, body));
      expect(JSON.parse(body)).toMatchObject({ data: { account_id: account.id, amount: '12.34' } });
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  },
  3 * MINUTE_MS,
);

test(
  'a delivery that is dead after a day of failures succeeds once an operator redelivers it',
  async () => {
    let status = 500;
    const receiver = await startReceiver(() => status);
    const [account] = (await openAccounts(souk, 1)) as [Account];
    await souk.sendToMonitoring('PUT', `/accounts/${account.id}/webhook`, { url: receiver.url });
    await souk.sendToWallet('POST', '/transactions/credit', { account_id: account.id, amount: '12.34' });
    const readDelivery = async () => {
      const { body } = await souk.sendToMonitoring('GET', `/accounts/${account.id}/deliveries`);
      return (body['items'] as { state: string; attempts: unknown[] }[])[0];
    };
    await eventually(async () => expect((await readDelivery())?.attempts.length).toBeGreaterThan(0), MINUTE_MS);
    // Simulates that a day has passed.
    await souk.rows(
      `UPDATE monitoring.webhook w JOIN monitoring.webhook_delivery d ON d.account_id = w.account_id
          SET w.created_at = w.created_at - INTERVAL 1 DAY, d.pending_since = d.pending_since - INTERVAL 1 DAY
        WHERE w.account_id = ?`,
      [account.id],
    );
    await eventually(async () => expect((await readDelivery())?.state).toBe('dead'), MINUTE_MS);

    status = 200;
    expect(await souk.redeliver(account.id)).toBe('Deliveries to retry: 1\n');
    await eventually(async () => expect((await readDelivery())?.state).toBe('delivered'), MINUTE_MS);
    const { body } = receiver.received.at(-1)!;
    expect(JSON.parse(body)).toMatchObject({ data: { account_id: account.id, amount: '12.34' } });
  },
  3 * MINUTE_MS,
);

function signatureOf(secret: string, headers: IncomingHttpHeaders, body: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

test('an account with suspiciously fast transactions gets an alert within moments', async () => {
  const [account] = (await openAccounts(souk, 1)) as [Account];
  for (let debit = 0; debit < 12; debit++) {
    const { status } = await souk.sendToWallet(
      'POST',
      '/transactions/debit',
      { account_id: account.id, amount: '1.00' },
      { 'idempotency-key': randomUUID() },
    );
    expect(status).toBe(200);
  }
  await eventually(async () => {
    const { status, body } = await souk.sendToMonitoring('GET', `/accounts/${account.id}/alerts`);
    expect([status, body['items']]).toEqual([
      200,
      [expect.objectContaining({ account_id: account.id, rule: 'velocity' })],
    ]);
  });
});
