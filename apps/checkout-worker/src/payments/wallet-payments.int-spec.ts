import {
  createGrpcServer,
  implementService,
  paymentService,
  type GrpcHandlers,
  type PaymentServiceDefinition,
} from '@souk/grpc';
import { createLogger, createMetrics } from '@souk/service';
import { createWalletPayments } from './wallet-payments';

test('the customer pays the merchant, and each call carries the actor who placed the order or cancels it', async () => {
  const requests: unknown[] = [];
  const handlers: GrpcHandlers<PaymentServiceDefinition> = {
    charge: (request) => {
      requests.push(request);
      return Promise.resolve({ results: [{ paymentId: 'p-1', state: 'PAYMENT_STATE_CHARGED', reason: '' }] });
    },
    cancel: (request) => {
      requests.push(request);
      return Promise.resolve({ results: [{ paymentId: 'p-1', state: 'PAYMENT_STATE_REFUNDED', reason: '' }] });
    },
    get: () => Promise.reject(new Error('unexpected call')),
  };
  const server = createGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [implementService(paymentService, handlers)],
    checks: {},
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
  });
  await server.start();
  const address = `ipv4:127.0.0.1:${server.port()}`;
  const payments = createWalletPayments({ address, timeoutMs: 5_000, merchantReference: 'the-shop' });

  const charge = { paymentID: 'p-1', payer: 'ann', amount: 1250n, currency: 'USD', actor: 'key:1' };
  expect(await payments.charge([charge])).toEqual(['charged']);
  expect(await payments.cancel(['p-1'])).toEqual(['refunded']);
  expect(requests).toEqual([
    {
      actor: 'checkout-worker',
      payments: [
        {
          paymentId: 'p-1',
          payerReference: 'ann',
          payerAccountId: '',
          payeeReference: 'the-shop',
          amount: '12.50',
          currency: 'USD',
          actor: 'key:1',
        },
      ],
    },
    { actor: 'checkout-worker', paymentIds: ['p-1'] },
  ]);

  await payments.close();
  await server.stop();
});
