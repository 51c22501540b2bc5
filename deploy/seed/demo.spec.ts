import { createAccountRoute, WALLET_DEMO } from '@souk/contracts';
import { answering } from '../machine/answering';
import { accountIdOf, DEMO_BALANCE, DEMO_CUSTOMER } from './demo.mjs';
import { seedWallet } from './seed.mjs';

test('the account that is printed and seeded is the one in the examples', () => {
  expect(accountIdOf(DEMO_CUSTOMER)).toBe(WALLET_DEMO.accountId);
  expect(createAccountRoute.body.safeParse({ reference: DEMO_CUSTOMER, initial_balance: DEMO_BALANCE }).success).toBe(
    true,
  );
});

test('the demo customer gets a wallet once; an existing one stays unchanged', async () => {
  const first = await answering(200, {}, (url) => seedWallet({ url, adminApiKey: 'key' }));
  expect(first.result).toBe(true);
  expect(first.requests).toEqual([
    expect.objectContaining({
      method: 'POST',
      url: '/accounts',
      headers: expect.objectContaining({ 'x-api-key': 'key' }),
    }),
  ]);
  const again = await answering(409, { code: 'REFERENCE_TAKEN' }, (url) => seedWallet({ url }));
  expect(again.result).toBe(false);
});

test('any other answer from the wallet is reported as a failure', async () => {
  const refused = answering(401, { code: 'UNAUTHORIZED' }, (url) => seedWallet({ url }));
  await expect(refused).rejects.toThrow('POST /accounts gave 401: {"code":"UNAUTHORIZED"}');
});
