import { writeOutbox, type OutboxEntry } from '@souk/messaging';
import {
  appliedSequences,
  recordingConsumer,
  startTestMonitoring,
  type TestMonitoring,
} from '../../test/start-test-monitoring';
import { messageOf } from '../../test/test-ledger';
import type { Consumer } from '../consumer';
import { applyEvents, type IngestionDeps } from './apply-events';

let test: TestMonitoring;

beforeAll(async () => {
  test = await startTestMonitoring('apply_events');
});

afterAll(() => test.stop());

it('if applying fails before the commit, nothing is published; applying the events again publishes the message once', async () => {
  const message = messageOf(test.ledger.record({ ann: 100 }));
  const published: OutboxEntry[] = [];
  const inner = recordingConsumer();
  const consumer: Consumer = {
    ...inner,
    apply: async (tx, events, generation) => {
      await inner.apply(tx, events, generation);
      return writeOutbox(tx, [message]);
    },
  };
  const { db } = test.deps;
  const workingDeps: IngestionDeps = {
    ...test.deps,
    consumer,
    outbox: { nudge: (entries) => void published.push(...entries) },
  };
  const failingDb: IngestionDeps['db'] = {
    ...db,
    transaction: (work) =>
      db.transaction(async (tx) => {
        await work(tx);
        throw new Error('killed');
      }),
  };
  const heads = [{ accountId: 'ann', sequence: 1 }];
  const readOutbox = () => test.database.rows<{ content: string }>('SELECT content FROM outbox');

  await expect(applyEvents({ ...workingDeps, db: failingDb }, [], heads)).rejects.toThrow('killed');
  expect([published, await readOutbox(), await appliedSequences(test)]).toEqual([[], [], {}]);

  await applyEvents(workingDeps, [], heads);
  await applyEvents(workingDeps, [], heads);
  expect(published.flatMap(({ messages }) => messages)).toEqual([message]);
  expect((await readOutbox()).map(({ content }) => content)).toEqual([message.content.toString()]);
  expect(await appliedSequences(test)).toEqual({ ann: [1] });
});
