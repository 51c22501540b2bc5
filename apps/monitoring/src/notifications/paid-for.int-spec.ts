import { createLogger, createMetrics } from '@souk/service';
import { eventually } from '@souk/testing';
import { startTestMonitoring, type TestMonitoring } from '../../test/start-test-monitoring';
import { buildApp, type MonitoringApp } from '../app';
import { rebuild } from '../rebuild/rebuild';
import { createNotifications } from './notifications';
import { createWebhookMetrics } from './webhooks/webhook-metrics';

/** The notifications of the recorded events, newest first. */
const EXPECTED = [
  { kind: 'charge.completed' },
  { kind: 'refund.completed', order_id: 'order-1' },
  { kind: 'charge.failed', withdrawal_id: 'withdrawal-1' },
  { kind: 'transfer.completed' },
  { kind: 'charge.completed', order_id: 'order-1' },
];

let test: TestMonitoring;
let app: MonitoringApp;
let url: string;
const logger = createLogger('monitoring', 'silent');

beforeAll(async () => {
  test = await startTestMonitoring('paid_for');
  const registry = createMetrics('monitoring');
  app = buildApp(
    { ...test.config, CONSUMERS: ['notifications'], WEBHOOK_ALLOW_PRIVATE: true, ADMIN_API_KEY: undefined },
    { logger, metrics: registry },
  );
  await app.start();
  url = `http://127.0.0.1:${app.port()}`;
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
});

afterAll(async () => {
  await app.stop();
  await test.stop();
});

interface NotificationBody {
  kind: string;
  order_id?: string;
  withdrawal_id?: string;
}

const paidForOf = ({ kind, order_id, withdrawal_id }: NotificationBody) => ({ kind, order_id, withdrawal_id });

async function notificationsOf(accountId: string): Promise<NotificationBody[]> {
  const response = await fetch(`${url}/accounts/${accountId}/notifications`);
  return ((await response.json()) as { items: NotificationBody[] }).items;
}

/** @param unpublished the index of the event that the consumer must fetch; the others arrive as messages */
async function recordAndPublish(accountId: string, unpublished: number): Promise<void> {
  const entries = (cents: number) => ({ [accountId]: cents, merchant: -cents });
  const events = [
    test.ledger.record(entries(-100), '', { transactionType: 'charge', orderId: 'order-1' }),
    test.ledger.record(entries(-100)),
    test.ledger.record(entries(-900), 'INSUFFICIENT_FUNDS', {
      transactionType: 'charge',
      withdrawalId: 'withdrawal-1',
    }),
    test.ledger.record(entries(100), '', { transactionType: 'refund', orderId: 'order-1' }),
    // Like an event from before these fields existed.
    test.ledger.record(entries(-100), '', { transactionType: 'charge' }),
  ];
  await test.publish(events.toSpliced(unpublished, 1));
}

it('a notification of a charge or a refund names its order or cash withdrawal, and a rebuild gives the same', async () => {
  await recordAndPublish('ann', 2);
  await eventually(async () => expect((await notificationsOf('ann')).map(paidForOf)).toEqual(EXPECTED));
  const notificationsBefore = [await notificationsOf('ann'), await notificationsOf('merchant')];
  expect(notificationsBefore[1]!.map(paidForOf)).toEqual(EXPECTED);

  const { deps, config } = test;
  const metrics = createWebhookMetrics(createMetrics('test'), deps.db);
  const consumer = createNotifications({ db: deps.db, settings: config, logger, metrics });
  await rebuild({ ...deps, consumer }, deps.db, () => undefined);
  expect([await notificationsOf('ann'), await notificationsOf('merchant')]).toEqual(notificationsBefore);
});

it('a webhook delivery also names the order or cash withdrawal', async () => {
  const put = await fetch(`${url}/accounts/bob/webhook`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ url: 'http://127.0.0.1:9/hooks' }),
  });
  expect(put.status).toBe(200);
  await recordAndPublish('bob', 0);
  await eventually(async () => {
    const rows = await test.database.rows<{ body: string }>(
      "SELECT body FROM webhook_delivery WHERE account_id = 'bob' ORDER BY sequence DESC",
    );
    expect(rows.map(({ body }) => paidForOf((JSON.parse(body) as { data: NotificationBody }).data))).toEqual(EXPECTED);
  });
});
