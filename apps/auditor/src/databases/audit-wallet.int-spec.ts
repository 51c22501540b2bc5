import type { PaymentClient } from '@souk/grpc';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { brokenOf, startTestBooks, type TestBooks } from '../../test/start-test-books';

/** The functions that this test needs from the wallet. Apps don't import each other, so its starter is loaded by path. */
interface WalletStarter {
  startTestWallet(database: { url: string }): Promise<{ payments: PaymentClient; stop(): Promise<void> }>;
  newAccount(wallet: object, balance: bigint, reference: string | null): Promise<{ accountId: string }>;
}

let books: TestBooks;
let starter: WalletStarter;
let wallet: Awaited<ReturnType<WalletStarter['startTestWallet']>>;

beforeAll(async () => {
  books = await startTestBooks();
  starter = (await import(resolve(__dirname, '../../../wallet-api/test/start-test-wallet.ts'))) as WalletStarter;
  wallet = await starter.startTestWallet(books.databases.wallet);
});

afterAll(async () => {
  await wallet.stop();
  await books.drop();
});

test('charges, refunds, refusals and tombstones written by the wallet itself pass the audit', async () => {
  const payers = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const payerReference = `payer-${randomUUID()}`;
      const isNamedById = index % 2 === 0;
      const { accountId } = await starter.newAccount(wallet, 1_000n, isNamedById ? null : payerReference);
      return isNamedById ? { payerAccountId: accountId } : { payerReference };
    }),
  );
  const payments = payers.flatMap((payer) =>
    ['2.50', '6.00', '9.99', '0.01'].map((amount) => ({
      ...{ paymentId: randomUUID(), ...payer, payeeReference: 'merchant', amount },
    })),
  );
  const cancelledIds = payments.filter((_, index) => index % 2 === 0).map(({ paymentId }) => paymentId);
  await Promise.all([
    ...payments.map((payment) => wallet.payments.charge({ payments: [payment], actor: 'test' })),
    ...cancelledIds.map((paymentId) => wallet.payments.cancel({ paymentIds: [paymentId], actor: 'test' })),
  ]);
  await wallet.payments.cancel({ paymentIds: [...cancelledIds, randomUUID()], actor: 'test' });

  const results = await books.audit();
  // This wallet has no shop, so the auditor reports only the missing orders of its customers' payments.
  const chargedPayments = payments.filter(
    (payment) => 'payerReference' in payment && !cancelledIds.includes(payment.paymentId),
  );
  expect(brokenOf(results)).toEqual({
    'payment-has-its-order': chargedPayments.map(({ paymentId }) => paymentId).sort(),
  });
  const chargedOnce = results.find(({ check }) => check.name === 'charged-once');
  expect(chargedOnce).toMatchObject({ outcome: 'ok', rows: payments.length + 1 });
});
