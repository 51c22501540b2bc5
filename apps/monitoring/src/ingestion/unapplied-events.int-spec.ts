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

/** @returns a count that reads pages with `fetchHeads`, and the positions it requested */
function createCount(fetchHeads: WalletEvents['fetchHeads']) {
  const requestedPositions: number[] = [];
  const recordingFetchHeads: WalletEvents['fetchHeads'] = (position, deadlineMs) => {
    requestedPositions.push(position);
    return fetchHeads(position, deadlineMs);
  };
  return {
    requestedPositions,
    count: createUnappliedCount({ ...test.deps, wallet: { fetchHeads: recordingFetchHeads } }, CONSUMER),
  };
}

/** A count whose reads from the wallet wait until the test releases them one by one. */
function countWithHeldReads() {
  const heldReads: (() => void)[] = [];
  const { count } = createCount(async (position) => {
    const page = await test.deps.wallet.fetchHeads(position);
    await new Promise<void>((resolve) => heldReads.push(resolve));
    return page;
  });
  const waitForReads = (number: number) => eventually(() => expect(heldReads).toHaveLength(number));
  return { count, heldReads, waitForReads };
}

it('a count includes every event before its request, even if requested during or right after another count', async () => {
  const { count, heldReads, waitForReads } = countWithHeldReads();
  test.ledger.record({ ann: 100 });
  const first = count();
  await waitForReads(1);
  test.ledger.record({ ann: 100 });
  const second = count();
  heldReads[0]!();
  expect(await first).toBe(1);
  await waitForReads(2);
  heldReads[1]!();
  expect(await second).toBe(2);
  test.ledger.record({ bob: 100 });
  const third = count();
  await waitForReads(3);
  heldReads[2]!();
  expect(await third).toBe(3);
});

it('requests during a count share the next one', async () => {
  const { count, heldReads, waitForReads } = countWithHeldReads();
  const first = [count(), count()];
  await waitForReads(1);
  const later = [count(), count(), count()];
  heldReads[0]!();
  await Promise.all(first);
  await waitForReads(2);
  heldReads[1]!();
  await Promise.all(later);
  expect(heldReads).toHaveLength(2);
});

it('a failed count rejects only the calls that waited for it', async () => {
  const databaseError = new Error('the database is down');
  let isDown = true;
  const rows: typeof test.deps.db.rows = (sql, parameters) =>
    isDown ? Promise.reject(databaseError) : test.deps.db.rows(sql, parameters);
  const count = createUnappliedCount({ ...test.deps, db: { rows } }, CONSUMER);
  await expect(count()).rejects.toBe(databaseError);
  isDown = false;
  expect(await count()).toEqual(expect.any(Number));
});

it('a lag of more than a few pages is not counted', async () => {
  const fetchHeads = (position: number) =>
    Promise.resolve({ heads: [], nextPosition: position + 10, safePosition: 0, isEnd: false });
  const { requestedPositions, count } = createCount(fetchHeads);
  expect(await count()).toBeNull();
  expect(requestedPositions).toEqual([0, 10, 20, 30, 40]);
});

it('a hanging wallet delays a caller by at most one second, even during another count', async () => {
  const sockets: Socket[] = [];
  const silentServer = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silentServer, 'listening');
  const hangingWallet = createWalletEvents({
    address: `ipv4:127.0.0.1:${(silentServer.address() as AddressInfo).port}`,
  });
  const wallet = { current: hangingWallet };
  const { requestedPositions, count } = createCount((...page) => wallet.current.fetchHeads(...page));
  const startedAt = performance.now();
  const first = count();
  await eventually(() => expect(requestedPositions).toHaveLength(1));
  const second = count();
  expect(await Promise.all([first, second])).toEqual([null, null]);
  expect(performance.now() - startedAt).toBeLessThan(1_800);
  wallet.current = test.deps.wallet;
  expect(await count()).toEqual(expect.any(Number));
  hangingWallet.close();
  for (const socket of sockets) socket.destroy();
  silentServer.close();
});
