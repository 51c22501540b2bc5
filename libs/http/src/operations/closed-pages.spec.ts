import { accessSettings, createAccess } from '@souk/access';
import { createLogger, createMetrics } from '@souk/service';
import { z } from 'zod';
import { createEchoService } from '../../test/echo-service';

const ADMIN_KEY = 'an admin key';
const service = createEchoService();
afterEach(() => service.stop());

const closedAccess = () => {
  const settings = z.object(accessSettings).parse({ ACCESS: 'closed', ADMIN_API_KEY: ADMIN_KEY });
  const context = { logger: createLogger('test', 'silent'), metrics: createMetrics('test') };
  return createAccess({ ...settings, SOUK_BIND: '127.0.0.1' }, context);
};

const statusOf = async (path: string, headers: Record<string, string> = {}) =>
  (await service.call(path, { headers, redirect: 'manual' })).status;

test('closed metrics need credentials, and health does not', async () => {
  await service.start({ access: closedAccess(), areMetricsClosed: true });
  expect(await statusOf('/metrics')).toBe(401);
  expect(await statusOf('/metrics', { 'x-api-key': 'guess' })).toBe(401);
  expect(await statusOf('/metrics', { 'x-api-key': ADMIN_KEY })).toBe(200);
  expect(await statusOf('/healthz')).toBe(200);
  expect(await statusOf('/readyz')).toBe(200);
});

test('by default, everyone may read the metrics and the documentation', async () => {
  await service.start({ access: closedAccess() });
  for (const path of ['/metrics', '/documentation/openapi.json']) expect(await statusOf(path)).toBe(200);
});

test('documentation that is off is not found', async () => {
  await service.start({ isDocumented: false });
  for (const path of ['/', '/docs', '/documentation', '/documentation/openapi.json']) {
    expect(await statusOf(path)).toBe(404);
  }
  expect(await statusOf('/things/a')).toBe(200);
});
