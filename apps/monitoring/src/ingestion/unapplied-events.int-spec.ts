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
  const requestedPositions: number[] = [];
  const recordingHeads: WalletEvents['heads'] = (position, deadlineMs) => {
    requestedPositions.push(position);
    return heads(position, deadlineMs);
  };
  return {
    requestedPositions,
    count: createUnappliedCount({ ...test.deps, wallet: { heads: recordingHeads } }, CONSUMER),
  };
}

/** A count whose reads from the wallet wait until the test releases them one by one. */
function countWithHeldReads() {
  const heldReads: (() => void)[] = [];
  const { count } = countBy(async (position) => {
    const page = await test.deps.wallet.heads(position);
    await new Promise<void>((resolve) => heldReads.push(resolve));
    return page;
  });
  const readsReach = (nth: number) => eventually(() => expect(heldReads).toHaveLength(nth));
  return { count, heldReads, readsReach };
}

it('a count includes every event before its request, even if requested during or right after another count', async () => {
  const { count, heldReads, readsReach } = countWithHeldReads();
  test.ledger.record({ ann: 100 });
  const first = count();
  await readsReach(1);
  test.ledger.record({ ann: 100 });
  const second = count();
  heldReads[0]!();
  expect(await first).toBe(1);
  await readsReach(2);
  heldReads[1]!();
  expect(await second).toBe(2);
  test.ledger.record({ bob: 100 });
  const third = count();
  await readsReach(3);
  heldReads[2]!();
  expect(await third).toBe(3);
});

it('requests during a count share the next one', async () => {
  const { count, heldReads, readsReach } = countWithHeldReads();
  const first = [count(), count()];
  await readsReach(1);
  const later = [count(), count(), count()];
  heldReads[0]!();
  await Promise.all(first);
  await readsReach(2);
  heldReads[1]!();
  await Promise.all(later);
  expect(heldReads).toHaveLength(2);
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
  const { requestedPositions, count } = countBy(heads);
  expect(await count()).toBeNull();
  expect(requestedPositions).toEqual([0, 10, 20, 30, 40]);
});

it('a hanging wallet delays a caller by one second at most, even during another count', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const hanging = createWalletEvents(`ipv4:127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const wallet = { now: hanging };
  const { requestedPositions, count } = countBy((...page) => wallet.now.heads(...page));
  const startedAt = performance.now();
  const first = count();
  await eventually(() => expect(requestedPositions).toHaveLength(1));
  const second = count();
  expect(await Promise.all([first, second])).toEqual([null, null]);
  expect(performance.now() - startedAt).toBeLessThan(1_800);
  wallet.now = test.deps.wallet;
  expect(await count()).toEqual(expect.any(Number));
  hanging.close();
  for (const socket of sockets) socket.destroy();
  silent.close();
});
