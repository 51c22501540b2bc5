import { createLogger } from '@souk/service';
import { eventually, startTestRedisServer, type TestRedisServer } from '@souk/testing';
import type { PaymentProvider } from './payment-provider';
import { createSimulatedPayments } from './simulated-payments';

let redis: TestRedisServer;
let payments: PaymentProvider;

beforeAll(async () => {
  redis = await startTestRedisServer();
  payments = createSimulatedPayments({
    logger: createLogger('test', 'silent'),
    redisUrl: redis.url,
    declineAbove: 100n,
    latencyMs: 0,
    timeoutMs: 1_000,
    drawFault: () => 'none',
  });
  await eventually(() => payments.ping());
});

afterAll(async () => {
  await payments.close();
  await redis.stop();
});

test('while Redis is a replica, the provider is not ready and a charge fails as retryable; once Redis is promoted, the provider works again', async () => {
  const charge = () => payments.charge([{ paymentID: 'p', amount: 1n, currency: 'EUR', payer: 'c', actor: 'test' }]);
  await redis.call('REPLICAOF', '127.0.0.1', '1');
  await expect(payments.ping()).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(charge()).rejects.toMatchObject({ retryable: true });
  await redis.call('REPLICAOF', 'NO', 'ONE');
  await eventually(() => payments.ping());
  expect(await charge()).toEqual(['charged']);
});
