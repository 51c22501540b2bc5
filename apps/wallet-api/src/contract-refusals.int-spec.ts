import { createTestDatabase, problem, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askWallet, openTestAccount, type AskWallet } from '../test/ask-test-wallet';
import { brokenPromises, startTestWallet, type TestWallet } from '../test/start-test-wallet';

let database: TestDatabase;
let wallet: TestWallet;
let ask: AskWallet;

beforeAll(async () => {
  database = await createTestDatabase('contract_refusals');
  wallet = await startTestWallet(database);
  ask = askWallet(wallet.url);
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await wallet.stop();
  await database.drop();
});

describe('a refusal', () => {
  const UNKNOWN_IDS = [
    'nobody',
    randomUUID(),
    '00000000-0000-7000-8000-000000000001',
    '00000000-0000-7000-8000-000000000011',
  ];
  const noAccount = problem(404, 'ACCOUNT_NOT_FOUND', 'Account not found');
  const noWallet = problem(404, 'WALLET_NOT_FOUND', 'Wallet not found');

  it.each(UNKNOWN_IDS)(
    'for a missing account or wallet is 404 and says which of the two is missing: %s',
    async (id) => {
      for (const call of [
        `GET /accounts/${id}`,
        `GET /accounts/${id}/balance`,
        `GET /accounts/${id}/transactions`,
      ] as const)
        expect([call, (await ask(call)).body]).toEqual([call, noAccount]);
      expect((await ask(`GET /accounts/${id}/balance?at=2026-01-01T00:00:00Z`)).body).toEqual(noAccount);
      for (const call of ['POST /transactions/credit', 'POST /transactions/debit'] as const)
        expect((await ask(call, { body: { account_id: id, amount: 1 } })).body).toEqual(noAccount);

      const { walletId } = await openTestAccount(ask, '5');
      const toNobody = { from_wallet_id: walletId, to_wallet_id: id, amount: 1 };
      const fromNobody = { from_wallet_id: id, to_wallet_id: walletId, amount: 1 };
      for (const body of [toNobody, fromNobody])
        expect((await ask('POST /transfers', { body })).body).toEqual(noWallet);
      expect((await ask(`POST /wallets/${id}/replenish`, { body: { amount: 1 } })).body).toEqual(noWallet);
      expect((await ask(`GET /api/v1/wallets/${id}`)).body).toEqual(noWallet);
      for (const operation_type of ['DEPOSIT', 'WITHDRAW'])
        expect(
          (await ask(`POST /api/v1/wallets/${id}/operation`, { body: { operation_type, amount: 1 } })).body,
        ).toEqual(noWallet);
    },
  );

  it('for insufficient funds is 400, and nothing moves', async () => {
    const [poor, recipient] = [await openTestAccount(ask, '1.00'), await openTestAccount(ask)];
    const insufficientFunds = problem(400, 'INSUFFICIENT_FUNDS', 'Insufficient funds');
    const transfer = { from_wallet_id: poor.walletId, to_wallet_id: recipient.walletId, amount: '1.01' };
    for (const [call, body] of [
      ['POST /transactions/debit', { account_id: poor.accountId, amount: '1.01' }],
      ['POST /transfers', transfer],
      [`POST /api/v1/wallets/${poor.walletId}/operation`, { operation_type: 'WITHDRAW', amount: '1.01' }],
    ] as const) {
      const reply = await ask(call, { body });
      expect([call, reply.status, reply.body]).toEqual([call, 400, insufficientFunds]);
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await ask(`GET /accounts/${poor.accountId}`)).body).toMatchObject({ wallet: { amount: '1.00' } });
  });

  it('for exceeding what a wallet can hold is 422 on every route', async () => {
    const { accountId, walletId } = await openTestAccount(ask, '89999999999999999.91');
    const { walletId: payer } = await openTestAccount(ask, '1');
    const balanceLimit = problem(422, 'BALANCE_LIMIT', expect.any(String));
    for (const [call, body] of [
      ['POST /transactions/credit', { account_id: accountId, amount: '0.01' }],
      [`POST /wallets/${walletId}/replenish`, { amount: '0.01' }],
      ['POST /transfers', { from_wallet_id: payer, to_wallet_id: walletId, amount: '0.01' }],
      [`POST /api/v1/wallets/${walletId}/operation`, { operation_type: 'DEPOSIT', amount: '0.01' }],
    ] as const) {
      const reply = await ask(call, { body });
      expect([call, reply.status, reply.body]).toEqual([call, 422, balanceLimit]);
    }
    expect((await ask(`GET /accounts/${accountId}/balance`)).text).toBe(
      '{"balance":89999999999999999.91,"amount":"89999999999999999.91"}',
    );
  });

  it('of a transfer to the same wallet is 422, even if there is no such wallet', async () => {
    const { walletId } = await openTestAccount(ask, '5');
    for (const id of [walletId, 'nobody']) {
      const body = { from_wallet_id: id, to_wallet_id: id, amount: '1' };
      expect((await ask('POST /transfers', { body })).body).toMatchObject({ status: 422, code: 'SAME_WALLET' });
    }
  });

  it('of a taken reference is 409, even for many simultaneous requests on two replicas', async () => {
    const otherReplica = await startTestWallet(database);
    const clients = [ask, askWallet(otherReplica.url)];
    for (let round = 0; round < 3; round++) {
      const body = { reference: `taken ${randomUUID()}` };
      const replies = await Promise.all(
        Array.from({ length: 40 }, (_, index) => clients[index % 2]!('POST /accounts', { body })),
      );
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      const referenceTaken = problem(409, 'REFERENCE_TAKEN', 'Another account has this reference');
      for (const reply of replies.filter(({ status }) => status !== 200)) expect(reply.body).toEqual(referenceTaken);
    }
    await otherReplica.stop();
  });
});
