import { eventually } from '@souk/testing';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { CONSUMER, startTestMonitoring, type TestMonitoring } from '../../test/start-test-monitoring';
import { createUnappliedCount } from './unapplied-events';
import { createWalletEvents, type WalletEvents } from './wallet-events';

let test: TestMonitoring;

beforeAll(async () => {
  test = await startTestMonitoring('unapplied');
});

afterAll(() => test.stop());

/** Counts with the given page reader, and records the positions it is called with. */
function countBy(heads: WalletEvents['heads']) {
  const asked: number[] = [];
  const asking: WalletEvents['heads'] = (position, deadlineMs) => {
    asked.push(position);
    return heads(position, deadlineMs);
  };
  return { asked, count: createUnappliedCount({ ...test.deps, wallet: { heads: asking } }, CONSUMER) };
}

/** A count whose reads from the wallet wait until the test releases them one by one. */
function countByHeld() {
  const held: (() => void)[] = [];
  const { count } = countBy(async (position) => {
    const page = await test.deps.wallet.heads(position);
    await new Promise<void>((resolve) => held.push(resolve));
    return page;
  });
  const look = (nth: number) => eventually(() => expect(held).toHaveLength(nth));
  return { count, held, look };
}

it('a count includes every event before its request, even if requested during or right after another count', async () => {
  const { count, held, look } = countByHeld();
  test.ledger.record({ ann: 100 });
  const first = count();
  await look(1);
  test.ledger.record({ ann: 100 });
  const second = count();
  held[0]!();
  expect(await first).toBe(1);
  await look(2);
  held[1]!();
  expect(await second).toBe(2);
  test.ledger.record({ bob: 100 });
  const third = count();
  await look(3);
  held[2]!();
  expect(await third).toBe(3);
});

it('requests during a count share the next one', async () => {
  const { count, held, look } = countByHeld();
  const first = [count(), count()];
  await look(1);
  const later = [count(), count(), count()];
  held[0]!();
  await Promise.all(first);
  await look(2);
  held[1]!();
  await Promise.all(later);
  expect(held).toHaveLength(2);
});

it('a failed count is reported only to the callers that waited for it', async () => {
  const outOfOrder = new Error('out of order');
  let isBroken = true;
  const rows: typeof test.deps.db.rows = (sql, parameters) =>
    isBroken ? Promise.reject(outOfOrder) : test.deps.db.rows(sql, parameters);
  const count = createUnappliedCount({ ...test.deps, db: { rows } }, CONSUMER);
  await expect(count()).rejects.toBe(outOfOrder);
  isBroken = false;
  expect(await count()).toEqual(expect.any(Number));
});

it('a lag of more than a few pages is not counted', async () => {
  const heads = (position: number) =>
    Promise.resolve({ heads: [], nextPosition: position + 10, safePosition: 0, isEnd: false });
  const { asked, count } = countBy(heads);
  expect(await count()).toBeNull();
  expect(asked).toEqual([0, 10, 20, 30, 40]);
});

it('a hanging wallet delays a caller by one second at most, even during another count', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const hanging = createWalletEvents(`ipv4:127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const wallet = { now: hanging };
  const { asked, count } = countBy((...page) => wallet.now.heads(...page));
  const askedAt = performance.now();
  const first = count();
  await eventually(() => expect(asked).toHaveLength(1));
  const second = count();
  expect(await Promise.all([first, second])).toEqual([null, null]);
  expect(performance.now() - askedAt).toBeLessThan(1_800);
  wallet.now = test.deps.wallet;
  expect(await count()).toEqual(expect.any(Number));
  hanging.close();
  for (const socket of sockets) socket.destroy();
  silent.close();
});
