import { createWalletClient, type WalletClient } from '@souk/grpc';
import { createLogger, createMetrics, unavailable, type AppError } from '@souk/service';
import { startFakeWallet, type FakeWallet } from '../../test/start-fake-wallet';
import { createTestStorage, type TestStorage } from '../../test/start-test-atm';
import { createAtmMetrics } from '../atm-metrics';
import { configSchema } from '../config';
import { createLane } from '../machine/lane';
import type { Machine } from '../machine/machine';
import { initialCounts } from '../machine/machine-state';
import type { MachineStore } from '../store/machine-store';
import { settleAll } from './settler';
import { withdrawFromAccount } from './withdraw-from-account';

const settings = configSchema.parse({}).ATM_MACHINES.get('main')!;
const retention = { answerMs: 60_000, keyMs: 60_000, unkeyedMs: 60_000, unkeyedOpenMs: 60_000 };
const logger = createLogger('test', 'silent');
const metrics = createAtmMetrics(createMetrics('test'));
const TIMEOUT: Partial<AppError> = { kind: 'timeout', code: 'TIMEOUT' };

let storage: TestStorage;
let realStore: MachineStore;
let wallet: FakeWallet;
let client: WalletClient;
/** How many more reads and writes the store accepts before it fails. */
let remainingCalls: { reads: number; writes: number };
/** The machine for which the store always fails. */
let failingMachine: string | undefined;

beforeEach(async () => {
  storage = createTestStorage('file');
  realStore = storage.store(['main', 'second']);
  await realStore.open();
  wallet = await startFakeWallet();
  client = createWalletClient({ address: wallet.address, timeoutMs: 300, caller: 'test' });
  remainingCalls = { reads: Infinity, writes: Infinity };
  failingMachine = undefined;
});
afterEach(async () => {
  client.close();
  await wallet.stop();
  await realStore.close();
  storage.remove();
});

const shouldFail = (machineId: string, count: 'reads' | 'writes') =>
  machineId === failingMachine || remainingCalls[count]-- <= 0;
const store = (): MachineStore => ({
  ...realStore,
  read: (id, ids) => (shouldFail(id, 'reads') ? Promise.reject(unavailable('the store')) : realStore.read(id, ids)),
  write: (id, change) =>
    shouldFail(id, 'writes') ? Promise.reject(unavailable('the store')) : realStore.write(id, change),
});
const machineOf = (id: string): Machine => ({
  id,
  settings,
  lane: createLane({ machineId: id, settings, store: store(), retention, metrics, nowMs: Date.now }),
});
const withdraw = (id = 'main') =>
  withdrawFromAccount(
    { store: store(), wallet: client, leaseMs: 0, joinMs: 0, logger, nowMs: Date.now },
    machineOf(id),
    {
      amount: 10_000n,
      accountId: 'ann',
      actor: 'test',
      outcomeId: `of ${id}`,
      claim: { key: 'k', fingerprint: 'f' },
    },
  );

it.each([
  ['has charged it', undefined, []],
  ['has declined it', 'INSUFFICIENT_FUNDS', []],
  ['is unavailable', undefined, Array.from({ length: 4 }, () => 'unavailable' as const)],
])(
  'if the wallet %s and the outcome of a withdrawal cannot be written, the outcome is reported as unknown',
  async (_, declines, faults) => {
    client.close();
    // Long enough for four attempts per call.
    client = createWalletClient({ address: wallet.address, timeoutMs: 5_000, caller: 'test' });
    Object.assign(wallet, { declines, faults });
    remainingCalls.writes = 1;
    await expect(withdraw()).rejects.toMatchObject(TIMEOUT);
    const { state } = await realStore.read('main', []);
    expect(Object.keys(state!.open)).toHaveLength(1);
  },
);

it('a repeat of an open withdrawal times out, with an unknown outcome, if the store fails', async () => {
  wallet.faults = ['late'];
  await expect(withdraw()).rejects.toMatchObject(TIMEOUT);
  remainingCalls.reads = 1;
  await expect(withdraw()).rejects.toMatchObject(TIMEOUT);
});

it('while too many withdrawals wait for the wallet, a new one is refused without setting anything aside or charging', async () => {
  const cancelling = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`c${index}`, { id: `c${index}`, actor: 'test', leasedUntilMs: 0 }]),
  );
  const state = { version: 1, sequence: 0, counts: initialCounts(settings), open: {}, cancelling };
  await realStore.write('main', { expectedVersion: 0, state, entries: [], outcomes: new Map() });
  await expect(withdraw()).rejects.toMatchObject({ kind: 'unavailable' });
  expect([(await realStore.read('main', [])).state, wallet.payments.size]).toEqual([state, 0]);
});

it('if the store fails for one machine, the withdrawals of the others are still settled', async () => {
  for (const id of ['main', 'second']) {
    wallet.faults = ['late'];
    await expect(withdraw(id)).rejects.toMatchObject(TIMEOUT);
  }
  failingMachine = 'main';
  const machines = new Map(['main', 'second'].map((id) => [id, machineOf(id)]));
  await settleAll({
    machines,
    store: store(),
    wallet: client,
    ttlMs: 60_000,
    leaseMs: 1_000,
    metrics,
    logger,
    nowMs: Date.now,
  });
  const openOf = async (id: string) => Object.keys((await realStore.read(id, [])).state!.open).length;
  expect([await openOf('main'), await openOf('second')]).toEqual([1, 0]);
});
