import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { cancel, charge, get, newPayment } from '../test/ask-test-payments';
import { testOrigin, brokenPromises, newAccount, startTestWallet, type TestWallet } from '../test/start-test-wallet';
import { findAccount } from './accounts/read-account';
import { BALANCE_MAX } from './ledger/decisions/ledger-state';
import { credit, debit } from './transactions/external-transactions';

let database: TestDatabase;
let replicaA: TestWallet;
let replicaB: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('payments');
  // Two at once: both migrate, and both try to open the shop's account.
  [replicaA, replicaB] = await Promise.all([startTestWallet(database), startTestWallet(database)]);
});

afterEach(async () => {
  expect(await brokenPromises(database)).toEqual({});
});

afterAll(async () => {
  await Promise.all([replicaA.stop(), replicaB.stop()]);
  await database.drop();
});

const newPayer = async (balance: bigint) => {
  const reference = `payer-${randomUUID()}`;
  return { reference, ...(await newAccount(replicaA, balance, reference)) };
};
const balanceOf = async (accountId: string) => {
  const result = await findAccount(replicaB.accounts, accountId);
  return result.ok ? result.account.wallet.amount : undefined;
};
const merchant = async () => {
  const rows = await database.rows<{ id: string }>("SELECT id FROM account WHERE reference = 'merchant'");
  expect(rows).toHaveLength(1);
  const accountId = rows[0]!.id;
  return { accountId, balance: (await balanceOf(accountId))! };
};

describe('a charge', () => {
  it('moves its amount once, however often it is requested', async () => {
    const payer = await newPayer(1_000n);
    const before = (await merchant()).balance;
    const payment = newPayment(payer.reference, '2.50');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => charge(index % 2 ? replicaA : replicaB, payment)),
    );
    expect(new Set(answers.flat())).toEqual(new Set(['CHARGED']));
    expect(await balanceOf(payer.accountId)).toBe(750n);
    expect((await merchant()).balance).toBe(before + 250n);
    expect(await get(replicaB, payment.paymentId, 'unknown')).toEqual(['CHARGED', 'UNKNOWN']);
  });

  it('is declined permanently if the payer has too little money, has no wallet, or is the payee; others in its call are not', async () => {
    const payer = await newPayer(100n);
    const payments = [
      newPayment(payer.reference, '1.01'),
      newPayment(`nobody-${randomUUID()}`, '1'),
      newPayment('merchant', '0.01'),
      newPayment(payer.reference, '1.00'),
      newPayment(payer.reference, '9'.repeat(36)),
    ];
    const answers = [
      'DECLINED INSUFFICIENT_FUNDS',
      'DECLINED NO_WALLET',
      'DECLINED SAME_WALLET',
      'CHARGED',
      'DECLINED INSUFFICIENT_FUNDS',
    ];
    expect(await charge(replicaA, ...payments)).toEqual(answers);
    await credit(replicaA.lane, { accountId: payer.accountId, amount: 10_000n, ...testOrigin() });
    await newAccount(replicaA, 1_000n, payments[1]!.payerReference);
    expect(await charge(replicaB, ...payments)).toEqual(answers);
    expect(await cancel(replicaB, payments[0]!.paymentId)).toEqual(['DECLINED']);
    expect(await balanceOf(payer.accountId)).toBe(10_000n);
  });

  it('with a known id but another payer, payee or amount does nothing, and only its own entry says so', async () => {
    const payer = await newPayer(1_000n);
    const payment = newPayment(payer.reference, '1');
    await charge(replicaA, payment);
    const { reference } = await newPayer(1_000n);
    const altered = [
      { ...payment, amount: '1.01' },
      { ...payment, payerReference: reference },
      { ...payment, payeeReference: reference },
      { ...payment, amount: '1.00' },
    ];
    expect(await charge(replicaB, ...altered)).toEqual([
      ...Array.from({ length: 3 }, () => 'INVALID_ARGUMENT PAYMENT_MISMATCH'),
      'CHARGED',
    ]);
    expect(await balanceOf(payer.accountId)).toBe(900n);
  });

  it('to an unknown payee or to a customer does nothing and leaves its id free', async () => {
    const payer = await newPayer(1_000n);
    const customer = await newPayer(0n);
    const payment = newPayment(payer.reference, '1', { payeeReference: customer.reference });
    expect(await charge(replicaA, payment, { ...payment, payeeReference: 'nobody' })).toEqual([
      'INVALID_ARGUMENT PAYEE_NOT_FOUND',
      'INVALID_ARGUMENT PAYEE_NOT_FOUND',
    ]);
    expect(await charge(replicaA, { ...payment, payeeReference: 'merchant' })).toEqual(['CHARGED']);
  });

  it.each([
    ['amount', { amount: '0' }],
    ['amount', { amount: '0.00' }],
    ['amount', { amount: '-1' }],
    ['amount', { amount: '1e3' }],
    ['amount', { amount: '1.001' }],
    ['amount', { amount: '' }],
    ['currency', { currency: 'EUR' }],
    ['payment_id', { paymentId: '' }],
    ['payer_reference', { payerReference: ' x' }],
    ['payee_reference', { payeeReference: 'x'.repeat(101) }],
  ])('with a malformed %s is refused along with its call: %j', async (field, invalidFields) => {
    const payer = await newPayer(1_000n);
    const validPayment = newPayment(payer.reference, '1');
    await expect(
      charge(replicaA, validPayment, { ...newPayment(payer.reference, '1'), ...invalidFields }),
    ).rejects.toMatchObject({
      kind: 'invalid',
      details: { field: `payments[1].${field}` },
    });
    expect(await get(replicaA, validPayment.paymentId)).toEqual(['UNKNOWN']);
  });
});

describe('a cancellation', () => {
  it('permanently blocks a charge that has not arrived yet, whatever its terms', async () => {
    const payer = await newPayer(1_000n);
    const payment = newPayment(payer.reference, '1');
    expect(await cancel(replicaA, payment.paymentId)).toEqual(['CANCELLED']);
    expect(await charge(replicaB, payment)).toEqual(['CANCELLED']);
    expect(await charge(replicaA, { ...payment, amount: '2', payerReference: 'nobody' })).toEqual(['CANCELLED']);
    expect(await cancel(replicaB, payment.paymentId)).toEqual(['CANCELLED']);
    expect(await balanceOf(payer.accountId)).toBe(1_000n);
  });

  it('refunds a charge once, even if the shop has spent the money', async () => {
    const payer = await newPayer(1_000n);
    const payment = newPayment(payer.reference, '10.00');
    await charge(replicaA, payment);
    const { accountId, balance } = await merchant();
    await debit(replicaA.lane, { accountId, amount: balance, ...testOrigin() });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => cancel(index % 2 ? replicaA : replicaB, payment.paymentId)),
    );
    expect(new Set(answers.flat())).toEqual(new Set(['REFUNDED']));
    expect(await charge(replicaA, payment)).toEqual(['REFUNDED']);
    expect(await balanceOf(payer.accountId)).toBe(1_000n);
    expect((await merchant()).balance).toBe(-1_000n);
    expect(await debit(replicaA.lane, { accountId, amount: 1n, ...testOrigin() })).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
    });
    await credit(replicaA.lane, { accountId, amount: 1_000n, ...testOrigin() });
  });

  it('finds room in the wallet of the payer, even after an attempt to fill it', async () => {
    const payer = await newPayer(BALANCE_MAX);
    const payment = newPayment(payer.reference, '10.00');
    await charge(replicaA, payment);
    const tooMuch = { accountId: payer.accountId, amount: 1n, ...testOrigin() };
    expect(await credit(replicaA.lane, tooMuch)).toMatchObject({ code: 'BALANCE_LIMIT' });
    expect(await cancel(replicaA, payment.paymentId)).toEqual(['REFUNDED']);
    expect(await balanceOf(payer.accountId)).toBe(BALANCE_MAX);
  });
});

describe('charge and cancel of one payment, in any interleaving, on two replicas', () => {
  it('leave no net charge once a cancellation was answered, and otherwise the charge that the state reports', async () => {
    const random = (below: number) => Math.floor(Math.random() * below);
    for (let round = 0; round < 15; round++) {
      const payer = await newPayer(1_000_000n);
      const before = (await merchant()).balance;
      const payments = Array.from({ length: 12 }, () =>
        newPayment(random(2) ? payer : payer.reference, `${1 + random(9)}.00`),
      );
      const cancelled = new Set<string>();
      const steps = Array.from({ length: 80 }, () => {
        const sample = payments.filter(() => random(4) === 0).sort(() => Math.random() - 0.5);
        const replica = random(2) ? replicaA : replicaB;
        // The caller dies and never learns the outcome. Both calls can be repeated with the same ids.
        const isLost = random(4) === 0;
        const options = isLost ? { deadlineMs: 1 + random(15) } : {};
        const paymentIds = sample.map(({ paymentId }) => paymentId);
        if (random(3) === 0) {
          return replica.payments.cancel({ paymentIds, actor: 'x' }, options).then(
            ({ results }) => results.forEach(({ paymentId }) => cancelled.add(paymentId)),
            (error: unknown) => expect(error).toMatchObject({ kind: 'timeout' }),
          );
        }
        const call = random(3)
          ? replica.payments.charge({ payments: sample }, options)
          : replica.payments.get({ paymentIds });
        return call.catch((error: unknown) => expect(error).toMatchObject({ kind: 'timeout' }));
      });
      await Promise.all(steps);
      // Abandoned calls may still be in transit: they arrive before this query and are decided before the drain ends.
      for (const replica of [replicaA, replicaB]) {
        await get(replica);
        await replica.lane.drain();
      }
      const ids = payments.map(({ paymentId }) => paymentId);
      const states = await get(replicaA, ...ids);
      for (const [index, id] of ids.entries()) {
        if (cancelled.has(id)) expect(['CANCELLED', 'REFUNDED']).toContain(states[index]);
        expect(['UNKNOWN', 'CHARGED', 'CANCELLED', 'REFUNDED']).toContain(states[index]);
      }
      const charged = payments
        .filter((_, index) => states[index] === 'CHARGED')
        .reduce((sum, { amount }) => sum + BigInt(amount!.replace('.', '')), 0n);
      expect(await balanceOf(payer.accountId)).toBe(1_000_000n - charged);
      expect((await merchant()).balance).toBe(before + charged);
      // A cancellation is final.
      expect(new Set(await cancel(replicaA, ...ids))).toEqual(
        new Set(states.map((state) => (['CHARGED', 'REFUNDED'].includes(state) ? 'REFUNDED' : 'CANCELLED'))),
      );
      expect(await balanceOf(payer.accountId)).toBe(1_000_000n);
      expect((await merchant()).balance).toBe(before);
    }
    for (const { metrics } of [replicaA, replicaB]) {
      const { values } = await metrics.getSingleMetric('souk_wallet_operation_duration_seconds')!.get();
      expect(values.filter(({ labels }) => labels['outcome'] === 'error')).toEqual([]);
    }
  }, 120_000);
});
