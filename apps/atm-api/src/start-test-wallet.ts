import {
  createGrpcServer,
  implementService,
  paymentService,
  type GrpcHandlers,
  type PaymentServiceDefinition,
} from '@souk/grpc';
import { parseAmount } from '@souk/money';
import { createLogger, createMetrics, unavailable } from '@souk/service';

type Results = Awaited<ReturnType<GrpcHandlers<PaymentServiceDefinition>['charge']>>['results'];
type State = NonNullable<Results>[number]['state'];

/** What goes wrong with a charge: nothing; it is refused for now; it is lost; it is carried out and its answer is lost. */
export type WalletFault = 'none' | 'unavailable' | 'lost' | 'late';

/** A wallet that one customer pays from, and that fails as it is told; it listens for gRPC like the real one. */
export interface TestWallet {
  address: string;
  /** Of the customer, in cents. */
  balance: bigint;
  /** Taken from the front, one a charge; `none` where none is left. */
  faults: WalletFault[];
  /** The same for cancellations. */
  cancelFaults: WalletFault[];
  /** Why charges are declined, where they are. */
  declines: string | undefined;
  payments: ReadonlyMap<string, { state: State; amount: bigint; payee: string }>;
  stop(): Promise<void>;
}

const noAnswer = () => new Promise<never>(() => undefined);

export async function startTestWallet(balance = 1_000_000n): Promise<TestWallet> {
  const payments = new Map<string, { state: State; amount: bigint; payee: string; reason: string }>();

  const charge = (id: string, text: string, payee: string) => {
    const known = payments.get(id);
    if (known) return known;
    const amount = parseAmount(text)!;
    const reason = wallet.declines ?? (amount > wallet.balance ? 'INSUFFICIENT_FUNDS' : '');
    const state: State = reason ? 'PAYMENT_STATE_DECLINED' : 'PAYMENT_STATE_CHARGED';
    if (!reason) wallet.balance -= amount;
    const payment = { state, amount, payee, reason };
    payments.set(id, payment);
    return payment;
  };
  const cancel = (id: string) => {
    const known = payments.get(id) ?? { state: 'PAYMENT_STATE_CANCELLED' as State, amount: 0n, payee: '', reason: '' };
    if (known.state === 'PAYMENT_STATE_CHARGED') {
      wallet.balance += known.amount;
      known.state = 'PAYMENT_STATE_REFUNDED';
    }
    payments.set(id, known);
    return known;
  };
  const answer = async (faults: WalletFault[], run: () => Results) => {
    const fault = faults.shift() ?? 'none';
    if (fault === 'unavailable') throw unavailable('the wallet');
    if (fault === 'lost') return noAnswer();
    const results = run();
    return fault === 'late' ? noAnswer() : { results };
  };

  const handlers: GrpcHandlers<PaymentServiceDefinition> = {
    charge: (request) =>
      answer(wallet.faults, () =>
        request.payments.map(({ paymentId, amount, payeeReference }) => {
          const { state, reason } = charge(paymentId, amount, payeeReference);
          return { paymentId, state, reason };
        }),
      ),
    cancel: ({ paymentIds }) =>
      answer(wallet.cancelFaults, () =>
        paymentIds.map((paymentId) => ({ paymentId, state: cancel(paymentId).state, reason: '' })),
      ),
    get: () => Promise.reject(new Error('not asked for')),
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
  const wallet: TestWallet = {
    ...{ address: `ipv4:127.0.0.1:${server.port()}`, balance, payments },
    ...{ faults: [], cancelFaults: [], declines: undefined, stop: () => server.stop() },
  };
  return wallet;
}
