import { createWalletClient, type WalletClient } from '@souk/grpc';
import { createLogger, createMetrics } from '@souk/service';
import { eventually } from '@souk/testing';
import fc from 'fast-check';
import { startFakeWallet, type FakeWallet, type WalletFault } from '../test/start-fake-wallet';
import { createTestStorage, STORE_KINDS, type TestStorage } from '../test/start-test-atm';
import { createAtmMetrics } from './atm-metrics';
import { configSchema } from './config';
import { createLane } from './machine/lane';
import type { Machine } from './machine/machine';
import { initialCounts, type JournalEntry } from './machine/machine-state';
import type { MachineStore } from './store/machine-store';
import { settleAll, type SettlerDeps } from './withdrawals/settler';
import { withdrawFromAccount } from './withdrawals/withdraw-from-account';

const settings = configSchema.parse({}).ATM_MACHINES.get('main')!;
const retention = { answerMs: 86_400_000, keyMs: 86_400_000, unkeyedMs: 60_000, unkeyedOpenMs: 86_400_000 };
const logger = createLogger('test', 'silent');
const [LEASE_MS, TTL_MS] = [1_000, 5_000];
const TURNS_MAX = 30;
const RUNS = 200;

/** Wraps the external calls of a process that dies before or after `remaining` further calls; all later calls fail. */
function mortal(steps: { remaining: number; diesAfter: boolean }) {
  const deathError = () => new Error('the process has died');
  return async <T>(step: () => Promise<T>): Promise<T> => {
    if (steps.remaining < 0) throw deathError();
    const isLast = steps.remaining-- === 0;
    if (isLast && !steps.diesAfter) throw deathError();
    const result = await step();
    if (isLast) throw deathError();
    return result;
  };
}

type Step = ReturnType<typeof mortal>;

const mortalStore = (store: MachineStore, step: Step): MachineStore => ({
  ...store,
  write: (machineId, change) => step(() => store.write(machineId, change)),
});
const mortalClient = (client: WalletClient, step: Step): WalletClient => ({
  ...client,
  charge: (charges) => step(() => client.charge(charges)),
  cancel: (ids, actor) => step(() => client.cancel(ids, actor)),
});

const fault = fc.constantFrom<WalletFault>('none', 'none', 'lost', 'late', 'unavailable');
const life = fc.record({
  steps: fc.nat(5),
  diesAfter: fc.boolean(),
  /** The time that passes before the next process runs. */
  pauseMs: fc.constantFrom(0, LEASE_MS, TTL_MS),
});

describe.each(STORE_KINDS)('processes that die at any step (%s store)', (kind) => {
  let storage: TestStorage;
  let store: MachineStore;
  let wallet: FakeWallet;
  let client: WalletClient;
  let machineCount = 0;

  beforeAll(async () => {
    storage = createTestStorage(kind);
    store = storage.store(Array.from({ length: RUNS }, (_, index) => `m${index}`));
    await store.open();
    await eventually(() => store.ping());
    wallet = await startFakeWallet();
    // Short, because a lost reply takes the full timeout, and no longer than the first retry backoff can be.
    client = createWalletClient({ address: wallet.address, timeoutMs: 60, caller: 'test' });
    await client.cancel(['warm-up']).catch(() => undefined);
  });
  afterAll(async () => {
    client.close();
    await wallet.stop();
    await store.close();
    storage.remove();
  });

  it('leave payments and pieces consistent once one process survives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { minLength: 1, maxLength: 3 }),
        fc.array(fault, { maxLength: 4 }),
        fc.array(fault, { maxLength: 2 }),
        async (lives, faults, cancelFaults) => {
          const machineId = `m${machineCount++}`;
          let now = Date.now();
          const before = new Set(wallet.payments.keys());
          Object.assign(wallet, { faults: [...faults], cancelFaults: [...cancelFaults] });

          const process = (step: Step): SettlerDeps & { machine: Machine } => {
            const processStore = mortalStore(store, step);
            const metrics = createAtmMetrics(createMetrics('test'));
            const nowMs = () => now;
            const lane = createLane({ machineId, settings, store: processStore, retention, metrics, nowMs });
            const machine = { id: machineId, settings, lane };
            const machines = new Map([[machineId, machine]]);
            const mortalWallet = mortalClient(client, step);
            return {
              machine,
              machines,
              store: processStore,
              wallet: mortalWallet,
              ttlMs: TTL_MS,
              leaseMs: LEASE_MS,
              metrics,
              logger,
              nowMs,
            };
          };
          for (const [index, { steps, diesAfter, pauseMs }] of lives.entries()) {
            const { machine, ...deps } = process(mortal({ remaining: steps, diesAfter }));
            if (index === 0)
              await withdrawFromAccount({ ...deps, wallet: deps.wallet!, joinMs: 0 }, machine, {
                amount: 12_001n,
                accountId: 'ann',
                actor: 'test',
                outcomeId: `${machineId}-outcome`,
                claim: { key: 'k', fingerprint: 'f' },
              }).catch(() => undefined);
            else await settleAll(deps).catch(() => undefined);
            now += pauseMs;
          }
          const survivor = process((step) => step());
          for (let turn = 0; turn < TURNS_MAX; turn++) {
            now += LEASE_MS;
            await settleAll(survivor);
          }

          const { state } = await store.read(machineId, []);
          const journal = await store.readJournal(machineId, { before: Infinity, limit: 100 });
          expect([state?.open ?? {}, state?.cancelling ?? {}]).toEqual([{}, {}]);
          if (state) expect(stockOf(journal)).toEqual(state.counts);
          const dispensed = journal.filter(({ status }) => status === 'dispensed').map(({ id }) => id);
          const charged = [...wallet.payments]
            .filter(([id, payment]) => !before.has(id) && payment.state === 'PAYMENT_STATE_CHARGED')
            .map(([id]) => id);
          expect(charged).toEqual(dispensed);
          const worth = (counts: Record<string, number>) =>
            Object.entries(counts).reduce((sum, [text, count]) => sum + Math.round(Number(text) * 100) * count, 0);
          expect(worth(initialCounts(settings)) - worth(state?.counts ?? initialCounts(settings))).toBe(
            dispensed.length * 12_001,
          );
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 120_000);
});

function stockOf(journal: readonly JournalEntry[]): Record<string, number> {
  const stock: Record<string, number> = {};
  for (const { change } of journal)
    for (const [text, difference] of Object.entries(change)) stock[text] = (stock[text] ?? 0) + difference;
  return stock;
}
