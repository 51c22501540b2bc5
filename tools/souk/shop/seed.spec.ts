import { createAccountRoute, WALLET_DEMO } from '@souk/contracts';
import { serveAnswer } from '../test/serve-answer';
import { accountIdOf, DEMO_BALANCE, DEMO_CUSTOMER, seedWallet } from './seed';

test('the demo account is the one in the examples of the Wallet API', () => {
  expect(accountIdOf(DEMO_CUSTOMER)).toBe(WALLET_DEMO.accountId);
  expect(createAccountRoute.body.safeParse({ reference: DEMO_CUSTOMER, initial_balance: DEMO_BALANCE }).success).toBe(
    true,
  );
});

test('the demo customer gets a wallet once; an existing one stays unchanged', async () => {
  const first = await serveAnswer(200, {}, (url) => seedWallet({ url, adminApiKey: 'key' }));
  expect(first.result).toBe(true);
  expect(first.requests).toEqual([
    expect.objectContaining({
      method: 'POST',
      url: '/accounts',
      headers: expect.objectContaining({ 'x-api-key': 'key' }),
    }),
  ]);
  const again = await serveAnswer(409, { code: 'REFERENCE_TAKEN' }, (url) => seedWallet({ url }));
  expect(again.result).toBe(false);
});

test('any other answer from the wallet is reported as a failure', async () => {
  const refused = serveAnswer(401, { code: 'UNAUTHORIZED' }, (url) => seedWallet({ url }));
  await expect(refused).rejects.toThrow('POST /accounts returned 401: {"code":"UNAUTHORIZED"}');
});
