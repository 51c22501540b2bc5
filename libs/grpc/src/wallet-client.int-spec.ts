import { createLogger, createMetrics } from '@souk/service';
import { paymentService, type PaymentServiceDefinition } from './payment';
import { createGrpcServer, implementService, type GrpcHandlers } from './server';
import { createWalletClient, type WalletCharge, type WalletClient } from './wallet-client';

type Handlers = GrpcHandlers<PaymentServiceDefinition>;
type Results = Awaited<ReturnType<Handlers['charge']>>['results'];

const rejectUnexpectedCall = () => Promise.reject(new Error('unexpected call'));
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Starts a payment service with these handlers. @returns a client that calls it */
async function clientOf(handlers: Partial<Handlers>, timeoutMs = 5_000): Promise<WalletClient> {
  const allHandlers = {
    charge: rejectUnexpectedCall,
    cancel: rejectUnexpectedCall,
    get: rejectUnexpectedCall,
    ...handlers,
  };
  const server = createGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [implementService(paymentService, allHandlers)],
    checks: {},
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
  });
  await server.start();
  closers.push(() => server.stop());
  return connect(`ipv4:127.0.0.1:${server.port()}`, timeoutMs);
}

function connect(address: string, timeoutMs: number): WalletClient {
  const client = createWalletClient({ address, timeoutMs, caller: 'a-service' });
  closers.push(() => client.close());
  return client;
}

const chargeOf = (paymentId: string, payer: WalletCharge['payer'] = { reference: 'ann' }): WalletCharge => ({
  paymentId,
  payer,
  payeeReference: 'the-shop',
  amount: 1250n,
  currency: 'USD',
  actor: 'key:1',
});
const chargeReturning = (results: Results) => ({ charge: () => Promise.resolve({ results }) });
const result = (paymentId: string, state: NonNullable<Results>[number]['state'], reason = '') => ({
  paymentId,
  state,
  reason,
});

test('a charge states the exact amount and the actor, and names the payer either by reference or by id', async () => {
  const requests: unknown[] = [];
  const client = await clientOf({
    charge: (request) => {
      requests.push(request);
      return Promise.resolve({
        results: [result('p-1', 'PAYMENT_STATE_CHARGED'), result('p-2', 'PAYMENT_STATE_CHARGED')],
      });
    },
  });
  const charges = [chargeOf('p-1'), chargeOf('p-2', { accountId: 'a-1' })];
  expect(await client.charge(charges)).toEqual(['charged', 'charged']);
  const payment = { payeeReference: 'the-shop', amount: '12.50', currency: 'USD', actor: 'key:1' };
  expect(requests).toEqual([
    {
      actor: 'a-service',
      payments: [
        { ...payment, paymentId: 'p-1', payerReference: 'ann', payerAccountId: '' },
        { ...payment, paymentId: 'p-2', payerReference: '', payerAccountId: 'a-1' },
      ],
    },
  ]);
});

test('each result is converted to an answer, with the reason if the payment was declined', async () => {
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
  const client = await clientOf(
    chargeReturning(answers.map(([state, reason], index) => result(ids[index]!, state, reason))),
  );
  expect(await client.charge(ids.map((id) => chargeOf(id)))).toEqual(answers.map(([, , answer]) => answer));
});

test('get and cancel return states in the order of the request', async () => {
  const actors: string[] = [];
  const client = await clientOf({
    get: ({ paymentIds }) =>
      Promise.resolve({
        results: paymentIds.map((id) => result(id, id === 'a' ? 'PAYMENT_STATE_UNKNOWN' : 'PAYMENT_STATE_CHARGED')),
      }),
    cancel: ({ paymentIds, actor }) => {
      actors.push(actor);
      return Promise.resolve({ results: paymentIds.map((id) => result(id, 'PAYMENT_STATE_REFUNDED')) });
    },
  });
  expect(await client.get(['b', 'a'])).toEqual(['charged', 'none']);
  expect(await client.cancel(['b'])).toEqual(['refunded']);
  expect(await client.cancel(['b'], 'key:1')).toEqual(['refunded']);
  expect(actors).toEqual(['a-service', 'key:1']);
});

test.each([
  ['an unspecified state', [result('p-1', 'PAYMENT_STATE_UNSPECIFIED')]],
  ['an unknown reason', [result('p-1', 'PAYMENT_STATE_INVALID_ARGUMENT', 'MOON_PHASE')]],
  ['a result for another payment', [result('p-2', 'PAYMENT_STATE_CHARGED')]],
  ['an empty answer', []],
])('%s is not treated as an outcome', async (_, results) => {
  const client = await clientOf(chargeReturning(results));
  await expect(client.charge([chargeOf('p-1')])).rejects.toMatchObject({ kind: 'bug' });
});

test('after a timeout the outcome is unknown, an unreachable wallet did nothing, and both can be retried', async () => {
  const slow = await clientOf({ charge: () => new Promise(() => undefined) }, 200);
  await expect(slow.charge([chargeOf('p-1')])).rejects.toMatchObject({ kind: 'timeout', retryable: true });

  const unreachable = connect('ipv4:127.0.0.1:1', 5_000);
  await expect(unreachable.charge([chargeOf('p-1')])).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
  await expect(unreachable.ping()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('an empty batch makes no call', async () => {
  const client = await clientOf({});
  expect(await Promise.all([client.charge([]), client.cancel([]), client.get([])])).toEqual([[], [], []]);
});
