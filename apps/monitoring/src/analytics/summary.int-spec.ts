import { createOpenAccess } from '@souk/access';
import { analyticsSummarySchema, MONITORING_API_DESCRIPTION, type AnalyticsSummary } from '@souk/contracts';
import { createDatabase, migrate, type Database } from '@souk/database';
import { createHttpApp, problemFailures, type HttpApp } from '@souk/http';
import { createLogger, createMetrics, unavailable } from '@souk/service';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { eventsOf, type TestTransaction } from '../../test/analytics/test-events';
import { analytics as migration } from '../migrations/0004-analytics';
import { createAnalytics } from './analytics';
import { bindAnalyticsRoutes } from './routes';

let schema: TestDatabase;
let db: Database;
let http: HttpApp;
let lag: number | null = null;
let isReady = true;

beforeAll(async () => {
  schema = await createTestDatabase('summary');
  await migrate(schema.url, [migration]);
  db = createDatabase({ url: schema.url, poolSize: 4, acquireTimeoutMs: 20_000, statementTimeoutMs: 20_000 });
  http = createHttpApp({
    ...{ host: '127.0.0.1', port: 0, service: MONITORING_API_DESCRIPTION, format: problemFailures },
    ...{ logger: createLogger('test', 'silent'), metrics: createMetrics('test'), checks: {} },
    ...{ access: createOpenAccess(undefined, createLogger('test', 'silent')), corsOrigins: [], inFlightMax: 100 },
  });
  bindAnalyticsRoutes(http, {
    db,
    unappliedEvents: () => Promise.resolve(lag),
    requireReady: () => {
      if (!isReady) throw unavailable('the consumers');
    },
  });
  await http.start();
});

afterAll(async () => {
  await http.stop();
  await db.close();
  await schema.drop();
});

beforeEach(async () => {
  [lag, isReady] = [null, true];
  await db.transaction((tx) => createAnalytics().forget(tx));
});

const applyTransactions = (...transactions: TestTransaction[]) =>
  db.transaction((tx) => createAnalytics().apply(tx, [...eventsOf(transactions).values()].flat(), 0));

async function ask(query: string) {
  const response = await fetch(`http://127.0.0.1:${http.port()}/analytics/summary${query}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function summaryOf(query: string): Promise<AnalyticsSummary> {
  const { status, body } = await ask(query);
  expect([status, body]).toEqual([200, analyticsSummarySchema.parse(body)]);
  return body as unknown as AnalyticsSummary;
}

const transfer = (at: string, from: string, to: string, amount: bigint, reason = ''): TestTransaction => ({
  ...{ type: 'transfer', reason, accounts: { from, to }, amount, at: new Date(at) },
});
const deposit = (at: string, to: string, amount: bigint): TestTransaction => ({
  ...{ type: 'deposit', reason: '', accounts: { to }, amount, at: new Date(at) },
});

describe('a summary', () => {
  beforeEach(() =>
    applyTransactions(
      deposit('2026-01-01T22:59:59.999Z', 'ada', 8_999_999_999_999_999_991n),
      deposit('2026-01-01T22:00:00.000Z', 'bo', 8_999_999_999_999_999_991n),
      transfer('2026-01-01T23:10:00Z', 'ada', 'bo', 1_250n),
      transfer('2026-01-01T23:20:00Z', 'bo', 'eve', 1_000n),
      transfer('2026-01-01T23:30:00Z', 'eve', 'bo', 5_000n, 'INSUFFICIENT_FUNDS'),
      transfer('2026-01-01T23:40:00Z', 'eve', 'bo', 9n, 'INSUFFICIENT_FUNDS'),
      transfer('2026-01-01T23:50:00Z', 'eve', 'bo', 7n, 'BALANCE_LIMIT'),
      transfer('2026-01-02T01:00:00Z', 'ada', 'bo', 1n),
    ),
  );

  test('by hour reports volumes and failures, and includes empty hours', async () => {
    lag = 3;
    const summary = await summaryOf('?from=2026-01-01T22:00:00Z&to=2026-01-02T01:00:00Z&by=hour');
    const failed = { type: 'transfer', status: 'failed', transactions: 3, volume: '50.16' };
    expect(summary).toEqual({
      from: '2026-01-01T22:00:00.000Z',
      to: '2026-01-02T01:00:00.000Z',
      by: 'hour',
      currency: 'USD',
      totals: { transactions: 7, completed: 4, failed: 3, volume: '180000000000000022.32' },
      buckets: [
        {
          ...{ from: '2026-01-01T22:00:00.000Z', to: '2026-01-01T23:00:00.000Z' },
          ...{ transactions: 2, completed: 2, failed: 0, volume: '179999999999999999.82' },
          by_type: [{ type: 'deposit', status: 'completed', transactions: 2, volume: '179999999999999999.82' }],
        },
        {
          ...{ from: '2026-01-01T23:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
          ...{ transactions: 5, completed: 2, failed: 3, volume: '22.50' },
          by_type: [{ type: 'transfer', status: 'completed', transactions: 2, volume: '22.50' }, failed],
        },
        {
          ...{ from: '2026-01-02T00:00:00.000Z', to: '2026-01-02T01:00:00.000Z' },
          ...{ transactions: 0, completed: 0, failed: 0, volume: '0.00', by_type: [] },
        },
      ],
      top_accounts: [
        { account_id: 'bo', transactions: 6, volume_in: '90000000000000012.41', volume_out: '10.00' },
        { account_id: 'ada', transactions: 2, volume_in: '89999999999999999.91', volume_out: '12.50' },
        { account_id: 'eve', transactions: 4, volume_in: '10.00', volume_out: '0.00' },
      ],
      failure_reasons: [
        { reason: 'INSUFFICIENT_FUNDS', transactions: 2, volume: '50.09' },
        { reason: 'BALANCE_LIMIT', transactions: 1, volume: '0.07' },
      ],
      lag_events: 3,
    });
  });

  test('by day has UTC days, clipped to the requested range', async () => {
    const { buckets, totals, lag_events } = await summaryOf('?from=2026-01-01T23:00:00Z&to=2026-01-03');
    expect(buckets.map(({ from, to, transactions }) => [from, to, transactions])).toEqual([
      ['2026-01-01T23:00:00.000Z', '2026-01-02T00:00:00.000Z', 5],
      ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z', 1],
    ]);
    expect(totals).toEqual({ transactions: 6, completed: 3, failed: 3, volume: '22.51' });
    expect(lag_events).toBeNull();
  });

  test('includes its start and excludes its end', async () => {
    const transactionsWithin = async (from: string, to: string) =>
      (await summaryOf(`?from=${from}&to=${to}`)).totals.transactions;
    expect(await transactionsWithin('2026-01-02T01:00:00Z', '2026-01-02T02:00:00Z')).toBe(1);
    expect(await transactionsWithin('2026-01-02T00:00:00Z', '2026-01-02T01:00:00Z')).toBe(0);
    expect(await transactionsWithin('2026-01-02T00:00:00Z', '2026-01-02T02:00:00Z')).toBe(1);
    expect(await transactionsWithin('2026-01-02T03:00:00%2B02:00', '2026-01-02T04:00:00+02:00')).toBe(1);
  });

  test('lists the requested number of accounts with the largest volumes', async () => {
    const topAccounts = async (top: string) =>
      (await summaryOf(`?from=2026-01-01&to=2026-01-03${top}`)).top_accounts.map(({ account_id }) => account_id);
    await applyTransactions(
      ...Array.from({ length: 12 }, (_, index) => deposit('2026-01-01T00:00:00Z', `c-${index}`, 1n)),
    );
    expect(await topAccounts('&top=1')).toEqual(['bo']);
    expect(await topAccounts('')).toHaveLength(10);
    expect((await topAccounts('&top=100')).slice(0, 5)).toEqual(['bo', 'ada', 'eve', 'c-0', 'c-1']);
  });

  test.each([
    ['?from=0000-01-01&to=0000-01-02', 0],
    ['?from=9999-12-31T22:00:00Z&to=9999-12-31T23:00:00Z', 0],
    ['?from=2025-12-31&to=2026-02-10&by=hour', 8],
    ['?from=2024-01-01&to=2026-09-27&by=day', 8],
  ])('counts the transactions of %s', async (query, transactions) => {
    expect((await summaryOf(query)).totals.transactions).toBe(transactions);
  });
});

test('by default, a summary covers the last seven days by day, including now', async () => {
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  const DAY_MS = 86_400_000;
  await applyTransactions(...[0, 7 * DAY_MS, 7 * DAY_MS + 3_700_000].map((ms) => deposit(ago(ms), 'ada', 100n)));
  const { by, totals, buckets } = await summaryOf('');
  expect([by, totals.transactions, totals.volume]).toEqual(['day', 2, '2.00']);
  expect(buckets).toHaveLength(8);
});

const MOMENT = 'must be a moment in RFC 3339, such as 2026-01-31T12:00:00Z, or a date, such as 2026-01-31';

describe('a request that is refused', () => {
  test.each([
    ['from=yesterday', [{ field: 'from', message: MOMENT }]],
    ['from=2026-02-30', [{ field: 'from', message: MOMENT }]],
    ['to=', [{ field: 'to', message: MOMENT }]],
    ['to=2026-01-01T24:00:00Z', [{ field: 'to', message: MOMENT }]],
    ['to=2026-01-01&to=2026-01-02', [{ field: 'to', message: 'must be given once' }]],
    ['by=week', [{ field: 'by', message: 'must be given once, as hour or day' }]],
    ['by=hour&by=day', [{ field: 'by', message: 'must be given once, as hour or day' }]],
    ['top=0', [{ field: 'top', message: 'must be from 1 to 100' }]],
    ['top=101', [{ field: 'top', message: 'must be from 1 to 100' }]],
    ['top=ten', [{ field: 'top', message: 'must be an integer' }]],
    [
      'from=x&by=x',
      [
        { field: 'from', message: MOMENT },
        { field: 'by', message: 'must be given once, as hour or day' },
      ],
    ],
    ['from=2026-01-02&to=2026-01-01', [{ field: 'to', message: 'must be after `from`' }]],
    ['from=2026-01-01&to=2026-01-01', [{ field: 'to', message: 'must be after `from`' }]],
    ['from=9000-01-01', [{ field: 'from', message: 'must be before `to`' }]],
    ['from=2026-01-01T10:30:00Z&to=2026-01-02', [{ field: 'from', message: 'must be a whole hour in UTC' }]],
    ['from=2026-01-01&to=2026-01-02T10:00:00.5Z', [{ field: 'to', message: 'must be a whole hour in UTC' }]],
    ['from=2020-01-01&to=2026-01-01', [{ field: 'to', message: 'must be at most 1000 days after `from`' }]],
    ['from=2025-01-01&to=2026-01-01&by=hour', [{ field: 'to', message: 'must be at most 1000 hours after `from`' }]],
    ['to=9999-12-31T23:30:00Z', [{ field: 'to', message: 'must be at most 9999-12-31T23:00:00.000000Z' }]],
  ])('%s gets 422 with the invalid fields', async (query, fields) => {
    const detail = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
    const problem = { type: 'about:blank', title: 'Unprocessable Entity', status: 422, code: 'INVALID_REQUEST' };
    expect(await ask(`?${query}`)).toEqual({ status: 422, body: { ...problem, detail, fields } });
  });

  test('gets 503 before the schema is ready, but 422 if it is invalid', async () => {
    isReady = false;
    expect(await ask('')).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(await ask('?from=2026-01-01&to=2026-01-01')).toMatchObject({ status: 422 });
  });
});

test('all parts of a summary come from one snapshot, even while events are being applied', async () => {
  let isDone = false;
  const applying = (async () => {
    while (!isDone)
      await applyTransactions(deposit('2026-01-01T00:00:00Z', 'ada', 1n), deposit('2026-01-01T00:00:00Z', 'bo', 2n));
  })();
  try {
    for (let requests = 0; requests < 40; requests++) {
      const { totals, top_accounts } = await summaryOf('?from=2026-01-01&to=2026-01-02');
      const accountTransactions = top_accounts.reduce((sum, { transactions }) => sum + transactions, 0);
      expect(accountTransactions).toBe(totals.transactions);
    }
  } finally {
    isDone = true;
    await applying;
  }
});
