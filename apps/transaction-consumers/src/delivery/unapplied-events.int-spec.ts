import { CONSUMER, startTestDelivery, type TestDelivery } from '../start-test-delivery';
import { createUnappliedCount } from './unapplied-events';
import type { WalletEvents } from './wallet-events';

let test: TestDelivery;

beforeAll(async () => {
  test = await startTestDelivery('unapplied');
});

afterAll(() => test.stop());

/** Counts by pages of the wallet that are asked through here. */
function countBy(heads: WalletEvents['heads']) {
  const asked: number[] = [];
  const asking: WalletEvents['heads'] = (position) => {
    asked.push(position);
    return heads(position);
  };
  return { asked, count: createUnappliedCount({ ...test.deps, wallet: { heads: asking } }, CONSUMER) };
}

it('many who ask at once, or soon after one another, cost the wallet one look', async () => {
  test.ledger.record({ ann: 100, bob: 100 });
  const { asked, count } = countBy(test.deps.wallet.heads);
  expect(await Promise.all([count(), count(), count()])).toEqual([2, 2, 2]);
  expect(await count()).toBe(2);
  expect(asked).toEqual([0]);
});

it('what is more than a few pages behind is not counted', async () => {
  const heads = (position: number) =>
    Promise.resolve({ heads: [], nextPosition: position + 10, safePosition: 0, isEnd: false });
  const { asked, count } = countBy(heads);
  expect(await count()).toBeNull();
  expect(asked).toEqual([0, 10, 20, 30, 40]);
});
