import { createDatabase } from '@souk/database';
import { createLogger, createMetrics } from '@souk/service';
import { eventually, freePort } from '@souk/testing';
import { randomBytes } from 'node:crypto';
import { createSecretBox } from '../secrets';
import { createWebhookMetrics } from '../webhook-metrics';
import { createDispatcher } from './dispatcher';
import { createResolver } from './resolver';

test('an unreachable database is logged once per minute, not at every poll', async () => {
  const url = `mysql://nobody:nothing@127.0.0.1:${await freePort()}/nowhere`;
  const db = createDatabase({ url, poolSize: 1, acquireTimeoutMs: 1_000, statementTimeoutMs: 1_000 });
  const logger = createLogger('test', 'silent');
  const warn = jest.spyOn(logger, 'warn');
  const rows = jest.spyOn(db, 'rows');
  const dispatcher = createDispatcher({
    ...{ db, logger, metrics: createWebhookMetrics(createMetrics('test'), db) },
    secretBox: createSecretBox(randomBytes(32).toString('base64')),
    postOptions: { resolve: createResolver(), allowPrivate: false, timeoutMs: 1_000 },
    retryForMs: 1_000,
  });
  dispatcher.start();
  await eventually(() => expect(rows.mock.calls.length).toBeGreaterThan(2));
  await dispatcher.stop();
  await db.close();
  expect(warn.mock.calls).toEqual([[{ err: expect.anything() as unknown }, 'deliveries are waiting for the database']]);
});
