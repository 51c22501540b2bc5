import {
  createGrpcServer,
  implementService,
  paymentService,
  type GrpcHandlers,
  type PaymentServiceDefinition,
} from '@souk/grpc';
import { createLogger, createMetrics } from '@souk/service';
import type { Charge, PaymentProvider } from './payment-provider';
import { createWalletPayments } from './wallet-payments';

type Handlers = GrpcHandlers<PaymentServiceDefinition>;
type Results = Awaited<ReturnType<Handlers['charge']>>['results'];

const notAsked = () => Promise.reject(new Error('not asked for in this test'));
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Starts a payment service with these handlers. @returns a provider that calls it */
async function providerOf(handlers: Partial<Handlers>, timeoutMs = 5_000): Promise<PaymentProvider> {
  const server = createGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [implementService(paymentService, { charge: notAsked, cancel: notAsked, get: notAsked, ...handlers })],
    checks: {},
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
  });
  await server.start();
  closers.push(() => server.stop());
  const address = `ipv4:127.0.0.1:${server.port()}`;
  const provider = createWalletPayments({ address, timeoutMs, merchantReference: 'the-shop' });
  closers.push(() => provider.close());
  return provider;
}

const chargeOf = (paymentID: string): Charge => ({
  paymentID,
  payer: 'ann',
  amount: 1250n,
  currency: 'USD',
  actor: 'key:1',
});
const answering = (results: Results) => ({ charge: () => Promise.resolve({ results }) });
const result = (paymentId: string, state: NonNullable<Results>[number]['state'], reason = '') => ({
  paymentId,
  state,
  reason,
});

test('the customer pays the merchant, exact to the cent, and the call names who placed the order', async () => {
  const asked: unknown[] = [];
  const provider = await providerOf({
    charge: (request) => {
      asked.push(request);
      return Promise.resolve({ results: [result('p-1', 'PAYMENT_STATE_CHARGED')] });
    },
  });
  expect(await provider.charge([chargeOf('p-1')])).toEqual(['charged']);
  const payer = { payerReference: 'ann', payerAccountId: '' };
  const payment = { paymentId: 'p-1', ...payer, payeeReference: 'the-shop', amount: '12.50' };
  expect(asked).toEqual([{ actor: 'checkout-worker', payments: [{ ...payment, currency: 'USD', actor: 'key:1' }] }]);
});

test('each answer has its meaning for the order: every decline reason declines it, a wrong setting does not', async () => {
  const answers = [
    ['PAYMENT_STATE_CHARGED', '', 'charged'],
    ['PAYMENT_STATE_DECLINED', 'INSUFFICIENT_FUNDS', { state: 'declined', reason: 'INSUFFICIENT_FUNDS' }],
    ['PAYMENT_STATE_DECLINED', 'NO_WALLET', { state: 'declined', reason: 'NO_WALLET' }],
    ['PAYMENT_STATE_DECLINED', 'SAME_WALLET', { state: 'declined', reason: 'SAME_WALLET' }],
    ['PAYMENT_STATE_DECLINED', 'BALANCE_LIMIT', { state: 'declined', reason: 'BALANCE_LIMIT' }],
    ['PAYMENT_STATE_CANCELLED', '', 'cancelled'],
    ['PAYMENT_STATE_REFUNDED', '', 'refunded'],
    ['PAYMENT_STATE_INVALID_ARGUMENT', 'PAYMENT_MISMATCH', 'mismatch'],
    ['PAYMENT_STATE_INVALID_ARGUMENT', 'PAYEE_NOT_FOUND', 'no_payee'],
  ] as const;
  const ids = answers.map((_, index) => `p-${index}`);
  const provider = await providerOf(answering(answers.map(([state, reason], at) => result(ids[at]!, state, reason))));
  expect(await provider.charge(ids.map(chargeOf))).toEqual(answers.map(([, , answer]) => answer));
});

test('states and cancellations of payments are answered in the order of the request', async () => {
  const provider = await providerOf({
    get: ({ paymentIds }) =>
      Promise.resolve({
        results: paymentIds.map((id) => result(id, id === 'a' ? 'PAYMENT_STATE_UNKNOWN' : 'PAYMENT_STATE_CHARGED')),
      }),
    cancel: ({ paymentIds, actor }) => {
      expect(actor).toBe('checkout-worker');
      return Promise.resolve({ results: paymentIds.map((id) => result(id, 'PAYMENT_STATE_REFUNDED')) });
    },
  });
  expect(await provider.get(['b', 'a'])).toEqual(['charged', 'none']);
  expect(await provider.cancel(['b'])).toEqual(['refunded']);
});

test.each([
  ['an unspecified state', [result('p-1', 'PAYMENT_STATE_UNSPECIFIED')]],
  ['an unknown reason', [result('p-1', 'PAYMENT_STATE_INVALID_ARGUMENT', 'MOON_PHASE')]],
  ['a result for another payment', [result('p-2', 'PAYMENT_STATE_CHARGED')]],
  ['an empty answer', []],
])('%s is not treated as an outcome', async (_, results) => {
  const provider = await providerOf(answering(results));
  await expect(provider.charge([chargeOf('p-1')])).rejects.toMatchObject({ kind: 'bug' });
});

test('without an answer in time the outcome is unknown; an unreachable wallet did nothing; both can be retried', async () => {
  const slow = await providerOf({ charge: () => new Promise(() => undefined) }, 200);
  await expect(slow.charge([chargeOf('p-1')])).rejects.toMatchObject({ kind: 'timeout', retryable: true });

  const nowhere = createWalletPayments({ address: 'ipv4:127.0.0.1:1', timeoutMs: 5_000, merchantReference: 'm' });
  closers.push(() => nowhere.close());
  await expect(nowhere.charge([chargeOf('p-1')])).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
  await expect(nowhere.ping()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('an empty batch makes no call', async () => {
  const provider = await providerOf({});
  expect(await Promise.all([provider.charge([]), provider.cancel([]), provider.get([])])).toEqual([[], [], []]);
});
