import { transactionOf, type LedgerEvent } from '@souk/grpc';
import fc from 'fast-check';
import {
  appliedSequences,
  ledgerSequences,
  startTestMonitoring,
  type TestMonitoring,
} from '../../test/start-test-monitoring';
import { toAccountEvents } from './account-events';
import { applyEvents } from './apply-events';
import { catchUp } from './catch-up';

let test: TestMonitoring;

beforeAll(async () => {
  test = await startTestMonitoring('schedules');
});

afterAll(() => test.stop());

/** Batches as a broker may deliver them: each event any number of times or never, in any order. */
const schedule = fc.record({
  parties: fc.array(fc.uniqueArray(fc.constantFrom('ann', 'bob', 'eve', 'merchant'), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 25,
  }),
  batches: fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), { maxLength: 12 }),
  replicas: fc.integer({ min: 1, max: 3 }),
});

it('whatever the broker delivers, every event is applied once, in order per account', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(schedule, async ({ parties, batches, replicas }) => {
      // Each run has its own accounts, because all runs share the ledger.
      run++;
      const events = parties.map((names) =>
        test.ledger.record(Object.fromEntries(names.map((name) => [`${name}-${run}`, 100]))),
      );
      const applyAll = async (laneBatches: readonly number[][]) => {
        for (const batch of laneBatches) {
          const transactions = batch.map((n) => transactionOf(pick(events, n)));
          await applyEvents(test.deps, transactions.flatMap(toAccountEvents));
        }
      };
      const lanes = Array.from({ length: replicas }, (_, lane) => batches.filter((_batch, n) => n % replicas === lane));
      await Promise.all(lanes.map(applyAll));
      const applied = await appliedSequences(test);
      for (const sequences of Object.values(applied))
        expect(sequences).toEqual(sequences.map((_sequence, index) => index + 1));
      await catchUp(test.deps);
      expect(await appliedSequences(test)).toEqual(ledgerSequences(test));
    }),
    { numRuns: 60 },
  );
}, 120_000);

const pick = (events: readonly LedgerEvent[], n: number) => events[n % events.length]!;
