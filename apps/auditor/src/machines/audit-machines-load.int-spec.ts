import { createCuttableProxy, freePort, type CuttableProxy } from '@souk/testing';
import { randomInt, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenOf, startTestBooks, type TestBooks } from '../../test/start-test-books';
import { startTestMachines, type TestMachines } from '../../test/start-test-machines';

interface Stoppable {
  stop(): Promise<void>;
}

/** The functions that this test needs from two apps. Apps don't import each other, so their starters are loaded by path. */
interface WalletStarter {
  startTestWallet(database: { url: string }, settings: object): Promise<Stoppable>;
  newAccount(wallet: object, balance: bigint): Promise<{ accountId: string }>;
}
interface AtmStarter {
  startTestAtm(storage: object, settings: Record<string, string>): Promise<Stoppable & { url: string }>;
}

const AUDITS = 20;
const CLIENTS = 12;
const PIECES = { bills: { '20': 100_000 }, amount_max: 2_000, coins_max: 50 };

let books: TestBooks;
let machines: TestMachines;
let wallet: Stoppable;
let proxy: CuttableProxy;
let atm: Stoppable & { url: string };
let accounts: string[];

const load = (path: string) => import(resolve(__dirname, '../../..', path));

beforeAll(async () => {
  books = await startTestBooks();
  machines = await startTestMachines(books);
  const walletStarter = (await load('wallet-api/test/start-test-wallet.ts')) as WalletStarter;
  const port = await freePort();
  const walletSettings = { GRPC_PORT: port, ATM_REFERENCES: ['atm-main', 'atm-lobby'] };
  wallet = await walletStarter.startTestWallet(books.databases.wallet, walletSettings);
  accounts = await Promise.all(
    // The last four accounts have enough for a few withdrawals only; the rest are declined.
    Array.from({ length: 8 }, async (_, index) => (await walletStarter.newAccount(wallet, index < 4 ? 9_900_000n : 50_000n)).accountId), // prettier-ignore
  );
  proxy = await createCuttableProxy({ host: '127.0.0.1', port });
  const atmStarter = (await load('atm-api/test/start-test-atm.ts')) as AtmStarter;
  const storage = {
    settings: { ATM_STORE: 'redis', REDIS_URL: machines.ownerUrl },
    keyPrefix: machines.keyPrefix,
  };
  atm = await atmStarter.startTestAtm(storage, {
    ATM_MACHINES: JSON.stringify({ main: PIECES, lobby: PIECES }),
    WALLET_ADDRESS: `ipv4:127.0.0.1:${proxy.port}`,
    ...{ PAYMENT_TIMEOUT_MS: '2000', WITHDRAWAL_TTL: '1' },
  });
}, 60_000);

afterAll(async () => {
  await atm.stop();
  await proxy.close();
  await wallet.stop();
  await machines.close();
  await books.drop();
});

async function withdraw(isOver: () => boolean) {
  while (!isOver()) {
    const machine = randomInt(2) === 0 ? '' : '/lobby';
    const isFromAccount = randomInt(5) > 0;
    const body = { amount: 20 * randomInt(1, 10), ...(isFromAccount && { account_id: accounts[randomInt(8)]! }) };
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    await fetch(`${atm.url}/atm${machine}/withdrawal`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}

/** Loses calls to the wallet, or their replies, so that withdrawals stay open, expire and are cancelled. */
const disturb = () => (randomInt(2) === 0 ? proxy.cut() : proxy.silence());

/** How many entries of each status the journals have. */
async function countEntries(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const machineId of ['main', 'lobby'])
    for await (const records of machines.store.readJournal(machineId, 0))
      for (const { entry } of records) counts[String(entry?.status)] = (counts[String(entry?.status)] ?? 0) + 1;
  return counts;
}

/** The wait ends with an error if no withdrawal settles for this long. Noticing a silent connection takes less. */
const NO_PROGRESS_MAX_MS = 60_000;

/** Waits until no withdrawal is open or being cancelled, as long as their number keeps falling. */
async function waitUntilAllSettled(): Promise<void> {
  let fewestUnsettled = Infinity;
  let progressAt = Date.now();
  for (;;) {
    const states = await Promise.all(['main', 'lobby'].map((machineId) => machines.store.readState(machineId)));
    const unsettled = states.flatMap((state) => [...Object.keys(state!.open), ...Object.keys(state!.cancelling)]);
    if (unsettled.length === 0) return;
    if (unsettled.length < fewestUnsettled) progressAt = Date.now();
    else if (Date.now() - progressAt > NO_PROGRESS_MAX_MS) throw new Error(`not settled: ${unsettled.join(', ')}`);
    fewestUnsettled = Math.min(fewestUnsettled, unsettled.length);
    await delay(100);
  }
}

test('audits find nothing while withdrawals are charged, refused, lost and cancelled, nor after all have settled', async () => {
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, () => withdraw(() => isOver));
  const brokenChecks = [];
  try {
    // Lost withdrawals take a moment to expire.
    while (brokenChecks.length < AUDITS || ((await countEntries())['put_back'] ?? 0) <= CLIENTS) {
      brokenChecks.push(brokenOf(await machines.audit()));
      if (brokenChecks.length % 3 === 0) disturb();
    }
  } finally {
    isOver = true;
  }
  await Promise.all(clients);
  expect(brokenChecks).toEqual(brokenChecks.map(() => ({})));

  await waitUntilAllSettled();
  expect(brokenOf(await machines.audit())).toEqual({});
  expect(brokenOf(await books.audit())).toEqual({});
  const counts = await countEntries();
  for (const status of ['open', 'dispensed', 'put_back']) expect(counts[status]).toBeGreaterThan(CLIENTS);
}, 600_000);
