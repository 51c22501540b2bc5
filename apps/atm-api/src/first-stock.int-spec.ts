import { eventually } from '@souk/testing';
import { askAtm, readWholeJournal, stockByInventory, stockByJournal } from '../test/ask-test-atm';
import { createTestStorage, startTestAtm, STORE_KINDS, type TestAtm, type TestStorage } from '../test/start-test-atm';

/** Two processes that share one Redis and start at the same time; files belong to one process. */
const PROCESSES = { redis: 2, file: 1 };

describe.each(STORE_KINDS)('a new machine (%s store)', (kind) => {
  let storage: TestStorage;
  let atms: TestAtm[];

  beforeEach(async () => {
    storage = createTestStorage(kind);
    atms = await Promise.all(Array.from({ length: PROCESSES[kind] }, () => startTestAtm(storage)));
  });
  afterEach(async () => {
    for (const atm of atms) await atm.stop();
    storage.remove();
  });

  it('records its initial stock in its journal before any command', async () => {
    const ask = askAtm(atms[0]!.url);
    const stock = await stockByInventory(ask);
    await eventually(async () => expect(stockByJournal(await readWholeJournal(ask))).toEqual(stock));
    for (const { url } of atms) await askAtm(url)('POST /atm/withdrawal', { body: { amount: 20 } });
    expect((await readWholeJournal(ask)).map(({ type }) => type)).toEqual(['reset', ...atms.map(() => 'withdrawal')]);
    expect(await stockByInventory(ask)).toEqual(stockByJournal(await readWholeJournal(ask)));
  });
});

it('with a file store, the initial stock of a machine is in its journal from the first request on', async () => {
  const storage = createTestStorage('file');
  const atm = await startTestAtm(storage, {}, { waitsUntilReady: false });
  const types = (await readWholeJournal(askAtm(atm.url))).map(({ type }) => type);
  await atm.stop();
  storage.remove();
  expect(types).toEqual(['reset']);
});
