import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { charge, payment } from '../test/ask-test-payments';
import { testOrigin, brokenPromises, newAccount, startTestWallet, type TestWallet } from '../test/start-test-wallet';
import { openAccount } from './accounts/open-account';
import { openMerchantAccounts } from './accounts/open-merchant-accounts';

const SETTINGS = { MERCHANT_REFERENCE: 'bazaar', ATM_REFERENCES: ['atm-1', 'atm-2'] };

let database: TestDatabase;
let one: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('merchant_accounts');
  const replicas = await Promise.all([startTestWallet(database, SETTINGS), startTestWallet(database, SETTINGS)]);
  one = replicas[0];
  await replicas[1].stop();
});

afterAll(async () => {
  await one.stop();
  await database.drop();
});

const accounts = () =>
  database.rows("SELECT reference, name, role FROM account WHERE role <> 'system' ORDER BY reference");

test('the accounts of the shop and of each machine are opened once, however many replicas start and however often', async () => {
  const opened = [
    { reference: 'atm-1', name: 'Cash machine', role: 'merchant' },
    { reference: 'atm-2', name: 'Cash machine', role: 'merchant' },
    { reference: 'bazaar', name: 'The shop', role: 'merchant' },
  ];
  expect(await accounts()).toEqual(opened);
  const more = { ...SETTINGS, ATM_REFERENCES: ['atm-2', 'atm-3'] };
  await (await startTestWallet(database, more)).stop();
  expect(await accounts()).toEqual([
    ...opened.slice(0, 2),
    { reference: 'atm-3', name: 'Cash machine', role: 'merchant' },
    ...opened.slice(2),
  ]);
});

test('no one else can take the reference of a machine, and withdrawals of its customers are paid to it', async () => {
  const taken = await openAccount(one.lane, { name: 'Eve', reference: 'atm-1', initialBalance: 0n, ...testOrigin() });
  expect(taken).toMatchObject({ ok: false, code: 'REFERENCE_TAKEN' });
  const payer = await newAccount(one, 1_000n);
  expect(await charge(one, payment(payer, '4.00', { payeeReference: 'atm-1' }))).toEqual(['CHARGED']);
  const [machine] = await database.rows(
    "SELECT w.amount FROM wallet w JOIN account a ON a.id = w.account_id WHERE a.reference = 'atm-1'",
  );
  expect(Number((machine as { amount: string }).amount)).toBe(400);
  expect(await brokenPromises(database)).toEqual({});
});

test("a customer's reference is refused for a merchant, and the error names it", async () => {
  await newAccount(one, 0n, 'atm-of-ann');
  await expect(openMerchantAccounts(one, [{ reference: 'atm-of-ann', name: 'Cash machine' }])).rejects.toThrow(
    /atm-of-ann belongs to a customer/,
  );
});
