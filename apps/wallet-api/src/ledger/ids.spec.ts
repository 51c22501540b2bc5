import { accountIdsOf, WALLET_DEMO } from '@souk/contracts';
import { isId } from './ids';

test('the documented account ids are those derived from their references', () => {
  const customer = accountIdsOf('demo-customer');
  const { walletId: payeeWalletId } = accountIdsOf('merchant');
  expect({ ...customer, payeeWalletId }).toEqual(WALLET_DEMO);
});

test('every id is valid, and no two references, nor an account and its wallet, share one', () => {
  const references = ['a', 'A', 'a ', 'wallet:a', 'é', 'e\u0301', '🛒', 'x'.repeat(100)];
  const ids = references.flatMap((reference) => Object.values<string>({ ...accountIdsOf(reference) }));
  expect(new Set(ids).size).toBe(2 * references.length);
  for (const id of ids) expect(isId(id)).toBe(true);
});
