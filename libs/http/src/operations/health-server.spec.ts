import { createLogger, createMetrics, type ReadinessChecks } from '@souk/service';
import { createHealthServer, type HealthServer } from './health-server';
import { createReadiness } from './readiness';

let server: HealthServer;

const serve = async (checks: ReadinessChecks) => {
  server = createHealthServer({
    host: '127.0.0.1',
    port: 0,
    checks,
    metrics: createMetrics('test'),
    logger: createLogger('test', 'silent'),
  });
  await server.start();
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port()}${path}`, init);
};

afterEach(() => server.stop());

test('a process whose engines respond is alive and ready', async () => {
  const get = await serve({ broker: () => Promise.resolve() });
  const alive = await get('/healthz');
  expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok', checks: {} }]);
  const ready = await get('/readyz/');
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', checks: { broker: 'ok' } }]);
});

test('a process whose engine is down is alive but not ready, and reveals no reason', async () => {
  const get = await serve({
    broker: () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:5672')),
    database: () => {
      throw new Error('Access denied for user');
    },
    inventory: () => Promise.resolve(),
  });
  expect((await get('/healthz')).status).toBe(200);
  const ready = await get('/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: 'unavailable',
    checks: { broker: 'unavailable', database: 'unavailable', inventory: 'ok' },
  });
});

test('a check that never finishes is reported as a timeout and does not delay the other checks', async () => {
  const hang = () => new Promise<void>(() => undefined);
  const ready = await createReadiness({ a: hang, b: hang, c: () => Promise.resolve() }, 20)();
  expect(ready).toEqual({ status: 'unavailable', checks: { a: 'timeout', b: 'timeout', c: 'ok' } });
  await serve({});
});

test('an informational check is reported but does not affect readiness', async () => {
  const ok = () => Promise.resolve();
  const down = () => Promise.reject(new Error('down'));
  expect(await createReadiness({ database: ok }, 20, { wallet: down })()).toEqual({
    status: 'ok',
    checks: { database: 'ok', wallet: 'unavailable' },
  });
  expect(await createReadiness({ database: down }, 20, { wallet: ok })()).toMatchObject({ status: 'unavailable' });
  await serve({});
});

test('callers share the result of checks that are already running', async () => {
  let runs = 0;
  const get = await serve({
    broker: async () => {
      runs++;
      await new Promise(setImmediate);
    },
  });
  const readiness = createReadiness({ broker: () => Promise.resolve(void runs++) });
  await Promise.all([readiness(), readiness(), readiness()]);
  expect(runs).toBe(1);
  await readiness();
  expect(runs).toBe(2);
  expect((await get('/readyz')).status).toBe(200);
});

test('Prometheus can scrape the metrics', async () => {
  const get = await serve({});
  const metrics = await get('/metrics');
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(await metrics.text()).toContain('process_cpu_seconds_total{service="test"}');
});

test('an unknown path and an unsupported method are refused in the usual format', async () => {
  const get = await serve({});
  const unknown = await get('/secrets');
  expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })]);
  const unsupported = await get('/healthz', { method: 'DELETE' });
  expect([unsupported.status, unsupported.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
