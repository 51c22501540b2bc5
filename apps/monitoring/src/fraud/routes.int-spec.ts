import { createOpenAccess } from '@souk/access';
import { alertListSchema, listAlertsRoute, type AlertList } from '@souk/contracts';
import { createHttpApp, problemFailures, type HttpApp } from '@souk/http';
import { createLogger, createMetrics } from '@souk/service';
import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { startTestFraudDetection, type TestFraudDetection } from '../../test/fraud/start-test-fraud-detection';
import { eventsOf, refused, steps, type Step } from '../../test/fraud/test-events';
import { bindFraudRoutes } from './routes';

const ALERTS = 20;

let database: TestDatabase;
let fraud: TestFraudDetection;
let http: HttpApp;

beforeAll(async () => {
  database = await createTestDatabase('fraud_routes');
  fraud = await startTestFraudDetection(database);
  http = createHttpApp({
    ...{
      host: '127.0.0.1',
      port: 0,
      format: problemFailures,
      checks: {},
      access: createOpenAccess('k', createLogger('test', 'silent')),
      corsOrigins: [],
    },
    ...{ inFlightMax: 100, logger: createLogger('test', 'silent'), metrics: createMetrics('test') },
    service: { title: 'Monitoring', version: '1', description: '' },
  });
  bindFraudRoutes(http, { ...fraud, requireReady: () => undefined });
  await http.start();
  // Each burst of refusals raises one alert; the last event of the account `twice` raises two.
  const bursts = Array.from({ length: ALERTS }, (_, burst) =>
    steps(3, 1, -1n, refused).map(([second, ...step]): Step => [second + burst * 10_000, ...step]),
  );
  await fraud.apply(eventsOf(bursts.flat()));
  await fraud.apply(eventsOf([...steps(3, 1, -1_00n), [3, -2_00n]], 'twice'));
});

afterAll(async () => {
  await http.stop();
  await fraud.stop();
  await database.drop();
});

async function ask(path: string): Promise<{ status: number; body: Record<string, unknown>; type: string | null }> {
  const response = await fetch(`http://127.0.0.1:${http.port()}${path}`);
  const body = (await response.json()) as Record<string, unknown>;
  const declared = listAlertsRoute.responses[response.status]!;
  expect(declared.body!.safeParse(body).error).toBeUndefined();
  return { status: response.status, body, type: response.headers.get('content-type') };
}

async function pageOf(account: string, query = ''): Promise<AlertList> {
  const { status, body } = await ask(`/accounts/${account}/alerts${query}`);
  expect(status).toBe(200);
  expect(alertListSchema.strict().parse(body)).toEqual(body);
  return body as unknown as AlertList;
}

const sequencesOf = ({ items }: AlertList) => items.map(({ events }) => events.at(-1)!.sequence);
const newestFirst = Array.from({ length: ALERTS }, (_, index) => (ALERTS - index) * 3);

it('GET /accounts/{id}/alerts lists alerts, newest first, each with its evidence', async () => {
  const { items, next } = await pageOf('a-1');
  expect([sequencesOf({ items, next }), next]).toEqual([newestFirst, null]);
  expect(items.at(-1)).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
    account_id: 'a-1',
    rule: 'repeated-refusals',
    reason: '3 outgoing transactions were refused within 10 minutes, more than 2',
    created_at: '2026-01-31T12:00:02.000Z',
    events: [1, 2, 3].map((sequence) => ({
      transaction_id: `a-1-t${sequence}`,
      sequence,
      type: 'transfer',
      amount: '-0.01',
      currency: 'USD',
      timestamp: `2026-01-31T12:00:0${sequence - 1}.000Z`,
    })),
  });
});

it.each([1, 7, ALERTS])('pages of %i list every alert exactly once', async (limit) => {
  const readSequences: number[] = [];
  for (let next: string | null | undefined; next !== null;) {
    const page: AlertList = await pageOf('a-1', `?limit=${limit}${next ? `&after=${encodeURIComponent(next)}` : ''}`);
    if (page.next !== null) expect(page.items).toHaveLength(limit);
    readSequences.push(...sequencesOf(page));
    next = page.next;
    expect(readSequences.length).toBeLessThanOrEqual(ALERTS);
  }
  expect(readSequences).toEqual(newestFirst);
});

it('a page may end between two alerts of one event', async () => {
  const all = await pageOf('twice');
  const rules = all.items.map(({ rule, events }) => [rule, events.at(-1)!.sequence]);
  expect(rules).toEqual(
    [
      ['velocity', 4],
      ['unusual-amount', 4],
    ].concat(rules.slice(2)),
  );
  const first = await pageOf('twice', '?limit=1');
  const second = await pageOf('twice', `?limit=500&after=${first.next}`);
  expect([...first.items, ...second.items]).toEqual(all.items);
});

it.each(['nobody', 'a-2', '%C3%BC', 'a'.repeat(100), '%F0%9F%9B%92'])('the list of %s is empty', async (account) => {
  expect(await pageOf(account)).toEqual({ items: [], next: null });
});

it.each(['0.velocity', '1', 'x', '-1.velocity', `${'9'.repeat(30)}.velocity`, '1.', '1.VELOCITY', '%F0%9F%9B%92'])(
  'refuses the cursor %s and names the field',
  async (after) => {
    const { status, body, type } = await ask(`/accounts/a-1/alerts?after=${after}`);
    expect([status, type, body]).toEqual([
      422,
      'application/problem+json',
      {
        type: 'about:blank',
        title: 'Unprocessable Entity',
        status: 422,
        detail: 'after must be the `next` of the page before',
        code: 'INVALID_REQUEST',
        fields: [{ field: 'after', message: 'must be the `next` of the page before' }],
      },
    ]);
  },
);

it.each([
  ['/accounts/a-1/alerts?limit=0', 422, ['limit']],
  ['/accounts/a-1/alerts?limit=501&after=', 422, ['after', 'limit']],
  ['/accounts/%20a/alerts', 422, ['id']],
  [`/accounts/${'a'.repeat(101)}/alerts`, 422, ['id']],
  ['/accounts/a%00/alerts', 400, ['id']],
])('%s returns %i and names the invalid fields', async (path, status, fields) => {
  const reply = await ask(path);
  expect([reply.status, reply.body]).toMatchObject([status, { code: 'INVALID_REQUEST' }]);
  expect((reply.body['fields'] as { field: string }[]).map(({ field }) => field)).toEqual(fields);
});
