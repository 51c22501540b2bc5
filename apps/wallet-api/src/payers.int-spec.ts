import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { cancel, charge, get, newPayment } from '../test/ask-test-payments';
import { brokenPromises, newAccount, startTestWallet, type TestWallet } from '../test/start-test-wallet';
import { findAccount } from './accounts/read-account';
import { SYSTEM_ACCOUNTS } from './ledger/decisions/system-accounts';

let database: TestDatabase;
let wallet: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('payers');
  wallet = await startTestWallet(database);
});

afterEach(async () => {
  expect(await brokenPromises(database)).toEqual({});
});

afterAll(async () => {
  await wallet.stop();
  await database.drop();
});

const balanceOf = async ({ accountId }: { accountId: string }) => {
  const result = await findAccount(wallet.accounts, accountId);
  return result.ok ? result.account.wallet.amount : undefined;
};

describe('a payer named by the id of its account', () => {
  it('pays once and is refunded once, with or without a reference', async () => {
    for (const reference of [null, randomUUID()]) {
      const payer = await newAccount(wallet, 1_000n, reference);
      const payment = newPayment(payer, '2.50');
      const answers = await Promise.all(Array.from({ length: 10 }, () => charge(wallet, payment)));
      expect(new Set(answers.flat())).toEqual(new Set(['CHARGED']));
      expect(await balanceOf(payer)).toBe(750n);
      expect(await cancel(wallet, payment.paymentId, payment.paymentId)).toEqual(['REFUNDED', 'REFUNDED']);
      expect(await charge(wallet, payment)).toEqual(['REFUNDED']);
      expect(await balanceOf(payer)).toBe(1_000n);
    }
  });

  it('is declined permanently if it has too little money, does not exist, or is the payee', async () => {
    const payer = await newAccount(wallet, 100n);
    const [merchant] = await database.rows<{ accountId: string }>(
      "SELECT id AS accountId FROM account WHERE reference = 'merchant'",
    );
    const payments = [
      newPayment(payer, '1.01'),
      newPayment({ accountId: randomUUID() }, '1'),
      newPayment({ accountId: 'no id at all' }, '1'),
      newPayment(SYSTEM_ACCOUNTS.deposit, '1'),
      newPayment(merchant!, '1'),
      newPayment(payer, '1'),
    ];
    const answers = [
      'DECLINED INSUFFICIENT_FUNDS',
      'DECLINED NO_WALLET',
      'DECLINED NO_WALLET',
      'DECLINED NO_WALLET',
      'DECLINED SAME_WALLET',
      'CHARGED',
    ];
    expect(await charge(wallet, ...payments)).toEqual(answers);
    expect(await charge(wallet, ...payments)).toEqual(answers);
  });

  it('is not confused with an account whose reference equals its id', async () => {
    const payer = await newAccount(wallet, 1_000n);
    const namesake = await newAccount(wallet, 500n, payer.accountId);
    expect(await charge(wallet, newPayment(payer, '1.00'), newPayment(payer.accountId, '2.00'))).toEqual([
      'CHARGED',
      'CHARGED',
    ]);
    expect([await balanceOf(payer), await balanceOf(namesake)]).toEqual([900n, 300n]);
  });

  it('is not looked up among the references, nor is a reference looked up among the ids', async () => {
    const reference = randomUUID();
    const payer = await newAccount(wallet, 1_000n, reference);
    expect(await charge(wallet, newPayment({ accountId: reference }, '1'), newPayment(payer.accountId, '1'))).toEqual([
      'DECLINED NO_WALLET',
      'DECLINED NO_WALLET',
    ]);
  });

  it('differs from the same account named by its reference: for a known payment that is a mismatch, and nothing is done', async () => {
    const reference = randomUUID();
    const payer = await newAccount(wallet, 1_000n, reference);
    const otherPayer = await newAccount(wallet, 1_000n);
    const [byId, byReference] = [newPayment(payer, '1'), newPayment(reference, '1')];
    await charge(wallet, byId, byReference);
    const mismatch = 'INVALID_ARGUMENT PAYMENT_MISMATCH';
    expect(
      await charge(
        wallet,
        { ...byReference, paymentId: byId.paymentId },
        { ...byId, paymentId: byReference.paymentId },
        newPayment(otherPayer, '1', { paymentId: byId.paymentId }),
        newPayment(payer, '1.01', { paymentId: byId.paymentId }),
        byId,
        byReference,
      ),
    ).toEqual([mismatch, mismatch, mismatch, mismatch, 'CHARGED', 'CHARGED']);
    expect(await balanceOf(payer)).toBe(800n);
  });

  it.each([
    ['neither an id nor a reference', { payerReference: '' }, 'payments[1]'],
    ['both an id and a reference', { payerReference: 'ann', payerAccountId: randomUUID() }, 'payments[1]'],
    ['a malformed id', { payerReference: '', payerAccountId: ' x' }, 'payments[1].payer_account_id'],
  ])('is an invalid argument if there is %s, and nothing in the call is done', async (_, invalidFields, field) => {
    const validPayment = newPayment(await newAccount(wallet, 1_000n), '1');
    await expect(charge(wallet, validPayment, newPayment('ann', '1', invalidFields))).rejects.toMatchObject({
      kind: 'invalid',
      details: { field },
    });
    expect(await get(wallet, validPayment.paymentId)).toEqual(['UNKNOWN']);
  });
});

describe('a line of a statement', () => {
  const idsOf = async ({ accountId }: { accountId: string }) => {
    const result = await findAccount(wallet.accounts, accountId);
    if (!result.ok) throw new Error('no account');
    const lines = await wallet.accounts.lines(result.account.wallet.id, Number.MAX_SAFE_INTEGER, 10);
    return lines.map(({ type, orderId, withdrawalId }) => [type, orderId, withdrawalId]);
  };

  it('names its cash withdrawal or order, also for a refund', async () => {
    const reference = randomUUID();
    const account = await newAccount(wallet, 1_000n, reference);
    const [withdrawal, order] = [newPayment(account, '2.50'), newPayment(reference, '1.00')];
    await charge(wallet, withdrawal, order);
    await cancel(wallet, order.paymentId);
    const lines = await idsOf(account);
    expect(lines.slice(0, 3)).toEqual([
      ['refund', order.paymentId, null],
      ['charge', order.paymentId, null],
      ['charge', null, withdrawal.paymentId],
    ]);
    expect(lines.slice(3).flatMap(([, ...ids]) => ids)).toEqual(lines.slice(3).flatMap(() => [null, null]));
  });
});
