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

/**
 * What goes wrong with a call. `none`: nothing; `unavailable`: it is refused for now; `lost`: it is lost; `late`: it is executed,
 * but its reply is lost.
 */
export type WalletFault = 'none' | 'unavailable' | 'lost' | 'late';

/** A gRPC wallet with a single paying customer and configurable faults. */
export interface TestWallet {
  address: string;
  /** The customer's balance in cents. */
  balance: bigint;
  /** Each charge takes one from the front; `none` if the list is empty. */
  faults: WalletFault[];
  /** The same for cancellations. */
  cancelFaults: WalletFault[];
  /** The reason for declining every charge; undefined to decline only for insufficient funds. */
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
