import {
  createGrpcServer,
  implementService,
  paymentService,
  type GrpcHandlers,
  type PaymentServiceDefinition,
} from '@souk/grpc';
import { parseAmount, type Minor } from '@souk/money';
import { createLogger, createMetrics, unavailable } from '@souk/service';

type Results = Awaited<ReturnType<GrpcHandlers<PaymentServiceDefinition>['charge']>>['results'];
type State = NonNullable<Results>[number]['state'];

/** How a call fails. `unavailable`: it is refused; `lost`: it isn't executed; `late`: it is executed, but its reply is lost. */
export type WalletFault = 'none' | 'unavailable' | 'lost' | 'late';

/** A gRPC server that acts as the wallet, with a single paying customer and configurable faults. */
export interface FakeWallet {
  address: string;
  /** The customer's balance. */
  balance: Minor;
  /** Each charge removes the first fault and applies it; if the list is empty, charges succeed. */
  faults: WalletFault[];
  /** The same for cancellations. */
  cancelFaults: WalletFault[];
  /** The reason for declining every charge; undefined to decline only for insufficient funds. */
  declines: string | undefined;
  payments: ReadonlyMap<string, { state: State; amount: Minor; payee: string }>;
  stop(): Promise<void>;
}

const neverReply = () => new Promise<never>(() => undefined);

export async function startFakeWallet(balance = 1_000_000n): Promise<FakeWallet> {
  const payments = new Map<string, { state: State; amount: Minor; payee: string; reason: string }>();

  const charge = (id: string, text: string, payee: string) => {
    const existing = payments.get(id);
    if (existing) return existing;
    const amount = parseAmount(text)!;
    const reason = wallet.declines ?? (amount > wallet.balance ? 'INSUFFICIENT_FUNDS' : '');
    const state: State = reason ? 'PAYMENT_STATE_DECLINED' : 'PAYMENT_STATE_CHARGED';
    if (!reason) wallet.balance -= amount;
    const payment = { state, amount, payee, reason };
    payments.set(id, payment);
    return payment;
  };
  const cancel = (id: string) => {
    const tombstone = { state: 'PAYMENT_STATE_CANCELLED' as State, amount: 0n, payee: '', reason: '' };
    const payment = payments.get(id) ?? tombstone;
    if (payment.state === 'PAYMENT_STATE_CHARGED') {
      wallet.balance += payment.amount;
      payment.state = 'PAYMENT_STATE_REFUNDED';
    }
    payments.set(id, payment);
    return payment;
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
    get: () => Promise.reject(new Error('unexpected call')),
  };

  const server = await serve(handlers);
  const wallet: FakeWallet = {
    address: `ipv4:127.0.0.1:${server.port()}`,
    balance,
    payments,
    faults: [],
    cancelFaults: [],
    declines: undefined,
    stop: () => server.stop(),
  };
  return wallet;
}

/** Removes the first fault and applies it; without one, `run` succeeds. */
async function answer(faults: WalletFault[], run: () => Results) {
  const fault = faults.shift() ?? 'none';
  if (fault === 'unavailable') throw unavailable('the wallet');
  if (fault === 'lost') return neverReply();
  const results = run();
  return fault === 'late' ? neverReply() : { results };
}

async function serve(handlers: GrpcHandlers<PaymentServiceDefinition>) {
  const server = createGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [implementService(paymentService, handlers)],
    checks: {},
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
  });
  await server.start();
  return server;
}
