import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { charge, newPayment } from '../test/ask-test-payments';
import { testOrigin, brokenPromises, newAccount, startTestWallet, type TestWallet } from '../test/start-test-wallet';
import { openAccount } from './accounts/open-account';
import { openMerchantAccounts } from './accounts/open-merchant-accounts';

const SETTINGS = { MERCHANT_REFERENCE: 'bazaar', ATM_REFERENCES: ['atm-1', 'atm-2'] };

let database: TestDatabase;
let wallet: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('merchant_accounts');
  const replicas = await Promise.all([startTestWallet(database, SETTINGS), startTestWallet(database, SETTINGS)]);
  wallet = replicas[0];
  await replicas[1].stop();
});

afterAll(async () => {
  await wallet.stop();
  await database.drop();
});

const accounts = () =>
  database.rows("SELECT reference, name, role FROM account WHERE role <> 'system' ORDER BY reference");

test('the accounts of the shop and of each machine are opened once, however many replicas start and however often', async () => {
  const openedAccounts = [
    { reference: 'atm-1', name: 'Cash machine', role: 'merchant' },
    { reference: 'atm-2', name: 'Cash machine', role: 'merchant' },
    { reference: 'bazaar', name: 'The shop', role: 'merchant' },
  ];
  expect(await accounts()).toEqual(openedAccounts);
  const changedSettings = { ...SETTINGS, ATM_REFERENCES: ['atm-2', 'atm-3'] };
  await (await startTestWallet(database, changedSettings)).stop();
  expect(await accounts()).toEqual([
    ...openedAccounts.slice(0, 2),
    { reference: 'atm-3', name: 'Cash machine', role: 'merchant' },
    ...openedAccounts.slice(2),
  ]);
});

test("no one else can take a machine's reference, and cash withdrawals are paid to the machine's account", async () => {
  const result = await openAccount(wallet.lane, {
    name: 'Eve',
    reference: 'atm-1',
    initialBalance: 0n,
    ...testOrigin(),
  });
  expect(result).toMatchObject({ ok: false, code: 'REFERENCE_TAKEN' });
  const payer = await newAccount(wallet, 1_000n);
  expect(await charge(wallet, newPayment(payer, '4.00', { payeeReference: 'atm-1' }))).toEqual(['CHARGED']);
  const [machine] = await database.rows(
    "SELECT w.amount FROM wallet w JOIN account a ON a.id = w.account_id WHERE a.reference = 'atm-1'",
  );
  expect(Number((machine as { amount: string }).amount)).toBe(400);
  expect(await brokenPromises(database)).toEqual({});
});

test("a reference that belongs to a customer can't be used for a merchant, and the error names the reference", async () => {
  await newAccount(wallet, 0n, 'atm-of-ann');
  await expect(openMerchantAccounts(wallet, [{ reference: 'atm-of-ann', name: 'Cash machine' }])).rejects.toThrow(
    /atm-of-ann belongs to a customer/,
  );
});
