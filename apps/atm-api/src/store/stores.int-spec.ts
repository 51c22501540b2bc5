import { eventually } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { createTestStorage, STORE_KINDS, type TestStorage } from '../../test/start-test-atm';
import type { Change } from '../machine/decide-batch';
import { NO_STATE, type JournalEntry, type StoredOutcome, type MachineState } from '../machine/machine-state';
import type { MachineStore } from './machine-store';

const entryOf = (sequence: number): JournalEntry => ({
  sequence,
  type: 'refill',
  status: null,
  id: `r-${sequence}`,
  amount: '5.00',
  accountId: null,
  pieces: { '5': 1 },
  change: { '5': 1 },
  key: `schlüssel-${sequence}`,
  actor: 'test',
  createdAt: '2026-01-31T12:00:00.000Z',
});

const outcomeOf = (expiresAtMs = Date.now() + 60_000): StoredOutcome => ({
  fingerprint: 'f',
  submissionId: randomUUID(),
  outcome: { kind: 'refilled', pieces: { '5': 1 } },
  keptAtMs: Date.now(),
  expiresAtMs,
});

/** The change that `entries` refills of one coin each make to a state. */
function refilled(state: MachineState = NO_STATE, outcomes: Change['outcomes'] = new Map(), entries = 1): Change {
  const { version, sequence, counts } = state;
  const next = { version: version + 1, sequence: sequence + entries, counts: { '5': (counts['5'] ?? 0) + entries } };
  return {
    expectedVersion: version,
    state: { ...state, ...next },
    entries: Array.from({ length: entries }, (_, index) => entryOf(sequence + index + 1)),
    outcomes,
  };
}

describe.each(STORE_KINDS)('a %s store', (kind) => {
  let storage: TestStorage;
  let store: MachineStore;

  const open = async (): Promise<MachineStore> => {
    const newStore = storage.store(['main', 'lobby']);
    await newStore.open();
    await eventually(() => newStore.ping());
    return newStore;
  };
  /** The store as a newly started process sees it. */
  const reopened = async () => {
    await store.close();
    return (store = await open());
  };

  beforeEach(async () => {
    storage = createTestStorage(kind);
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    storage.remove();
  });

  it('returns no state and an empty journal for a new machine', async () => {
    expect(await store.read('main', ['x'])).toEqual({ state: undefined, outcomes: new Map() });
    expect(await store.readJournal('main', { before: Infinity, limit: 10 })).toEqual([]);
  });

  it('keeps state, journal and outcomes together, even when reopened', async () => {
    const storedOutcome = outcomeOf();
    const change = refilled(NO_STATE, new Map([['k', storedOutcome]]), 2);
    expect(await store.write('main', change)).toBe('written');
    for (const openStore of [() => store, reopened]) {
      const currentStore = await openStore();
      expect(await currentStore.read('main', ['k', 'other', ''])).toEqual({
        state: change.state,
        outcomes: new Map([['k', storedOutcome]]),
      });
      expect(await currentStore.readJournal('main', { before: Infinity, limit: 10 })).toEqual(
        change.entries.toReversed(),
      );
    }
  });

  it('writes nothing of a change decided on an old version', async () => {
    const first = refilled(NO_STATE, new Map([['first', outcomeOf()]]));
    await store.write('main', first);
    expect(await store.write('main', refilled(NO_STATE, new Map([['late', outcomeOf()]])))).toBe('conflict');
    expect(await store.write('main', refilled({ ...NO_STATE, version: 7 }))).toBe('conflict');
    const { state, outcomes } = await store.read('main', ['first', 'late']);
    expect([state, [...outcomes.keys()]]).toEqual([first.state, ['first']]);
    expect(await store.readJournal('main', { before: Infinity, limit: 10 })).toEqual(first.entries);
  });

  it('accepts only one of many changes decided on the same version', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => store.write('main', refilled())));
    expect(results.filter((result) => result === 'written')).toHaveLength(1);
    expect((await store.read('main', [])).state?.counts).toEqual({ '5': 1 });
  });

  it('replaces and deletes outcomes, and drops expired ones', async () => {
    const [first, second, expired] = [outcomeOf(), outcomeOf(), outcomeOf(Date.now() + 1)];
    await store.write(
      'main',
      refilled(
        NO_STATE,
        new Map([
          ['a', first],
          ['b', first],
          ['c', expired],
        ]),
      ),
    );
    const { state } = await store.read('main', []);
    await store.write(
      'main',
      refilled(
        state,
        new Map<string, StoredOutcome | null>([
          ['a', second],
          ['b', null],
        ]),
      ),
    );
    expect((await store.read('main', ['a', 'b'])).outcomes).toEqual(new Map([['a', second]]));
    expect((await (await reopened()).read('main', ['a', 'b', 'c'])).outcomes).toEqual(new Map([['a', second]]));
  });

  it('pages the journal, newest first, from any sequence', async () => {
    await store.write('main', refilled(NO_STATE, new Map([['k', outcomeOf()]]), 3));
    await store.write('main', refilled((await store.read('main', [])).state, new Map([['l', outcomeOf()]]), 4));
    const page = async (before: number, limit: number) =>
      (await store.readJournal('main', { before, limit })).map(({ sequence }) => sequence);
    for (let turn = 0; turn < 2; turn++) {
      expect(await page(Infinity, 3)).toEqual([7, 6, 5]);
      expect(await page(5, 3)).toEqual([4, 3, 2]);
      expect(await page(2, 3)).toEqual([1]);
      expect(await page(1, 3)).toEqual([]);
      expect(await page(1_000, 2)).toEqual([7, 6]);
      await reopened();
    }
  });

  it('keeps machines apart', async () => {
    await store.write('main', refilled(NO_STATE, new Map([['k', outcomeOf()]])));
    expect(await store.read('lobby', ['k'])).toEqual({ state: undefined, outcomes: new Map() });
    expect(await store.write('lobby', refilled())).toBe('written');
    expect((await store.read('main', [])).state?.version).toBe(1);
  });
});
