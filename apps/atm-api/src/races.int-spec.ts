import { type Ask, type Reply } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askAtm, readWholeJournal, stockByInventory, stockByJournal } from '../test/ask-test-atm';
import { createTestStorage, startTestAtm, STORE_KINDS, type TestAtm, type TestStorage } from '../test/start-test-atm';

const CONCURRENT = 300;
/** Two processes share one Redis; files belong to one process. */
const PROCESSES = { redis: 2, file: 1 };

const cents = (amount: number) => Math.round(amount * 100);
const paidBy = ({ status, body }: Reply) =>
  status === 200 ? cents((body as { requested_amount: number }).requested_amount) : 0;
const isReplay = ({ headers }: Reply) => headers.get('idempotency-replayed');

describe.each(STORE_KINDS)('concurrent requests (%s store)', (kind) => {
  let storage: TestStorage;
  let atms: TestAtm[];
  let asks: Ask[];
  const askOf = (index: number) => asks[index % asks.length]!;

  beforeAll(async () => {
    storage = createTestStorage(kind);
    atms = [];
    for (let process = 0; process < PROCESSES[kind]; process++) atms.push(await startTestAtm(storage));
    asks = atms.map(({ url }) => askAtm(url));
  });
  beforeEach(async () => {
    expect((await askOf(0)('POST /atm/maintenance')).text).toBe('"full"');
  });
  afterAll(async () => {
    for (const atm of atms) await atm.stop();
    storage.remove();
  });

  const totalOf = async (ask: Ask) => cents(((await ask('GET /atm/total')).body as { total: number }).total);

  it(`${CONCURRENT} withdrawals match the stock and the journal to the cent`, async () => {
    const before = await totalOf(askOf(0));
    const amounts = Array.from({ length: CONCURRENT }, (_, index) => [20, 1, 0.1, 220.01, 10][index % 5]!);
    const replies = await Promise.all(
      amounts.map((amount, index) => askOf(index)('POST /atm/withdrawal', { body: { amount } })),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const paid = replies.map(paidBy).reduce((sum, amount) => sum + amount, 0);
    for (const ask of asks) expect(await totalOf(ask)).toBe(before - paid);
    const journal = await readWholeJournal(askOf(1), '/atm/journal', 70);
    expect(stockByJournal(journal)).toEqual(await stockByInventory(askOf(0)));
    expect(journal.map(({ sequence }) => sequence)).toEqual(journal.map((_, index) => index + 1));
  });

  it('the stock can be recomputed from the journal after withdrawals, refills and resets', async () => {
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        if (index % 20 === 10) return askOf(index)('POST /atm/maintenance');
        if (index % 3 === 0) return askOf(index)('POST /atm/refill', { body: { money: { '5': 1, '100': 2 } } });
        return askOf(index)('POST /atm/withdrawal', { body: { amount: (index * 7.13).toFixed(2) } });
      }),
    );
    expect(stockByJournal(await readWholeJournal(askOf(0)))).toEqual(await stockByInventory(askOf(0)));
  });

  it('repeats of a key join the first request and take effect once', async () => {
    for (const [call, body, effect] of [
      ['POST /atm/withdrawal', { amount: 220 }, -22_000],
      ['POST /atm/refill', { money: { '20': 1 } }, 2_000],
    ] as const) {
      const [before, key] = [await totalOf(askOf(0)), randomUUID()];
      const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => askOf(index)(call, { body, key })));
      expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(replies.filter((reply) => isReplay(reply) === null)).toHaveLength(1);
      expect(await totalOf(askOf(0))).toBe(before + effect);
    }
  });

  it('a repeated key gets the first reply, even a refusal; with another body it is refused', async () => {
    const [ask, askOther, key] = [askOf(0), askOf(1), randomUUID()];
    const first = await ask('POST /atm/withdrawal', { body: { amount: 20 }, key });
    const repeat = await askOther('POST /atm/withdrawal', { body: '{ "amount":20 }', key: `"${key}"` });
    expect([first.status, isReplay(first), repeat.status, repeat.text, isReplay(repeat)]).toEqual([
      ...[200, null, 200, first.text, 'true'],
    ]);
    const mismatch = await askOther('POST /atm/withdrawal', { body: { amount: '20' }, key });
    expect([mismatch.status, (mismatch.body as { code: string }).code, isReplay(mismatch)]).toEqual([
      422,
      'IDEMPOTENCY_MISMATCH',
      null,
    ]);
    // Another route has another scope; the path with the machine's id doesn't.
    expect(isReplay(await ask('POST /atm/maintenance', { key }))).toBeNull();
    expect(isReplay(await ask('POST /atm/maintenance', { key }))).toBe('true');
    expect(isReplay(await ask('POST /atm/main/withdrawal', { body: { amount: 20 }, key }))).toBe('true');

    const refusedKey = randomUUID();
    await ask('POST /atm/withdrawal', { body: { amount: 2000 } });
    const refused = await ask('POST /atm/withdrawal', { body: { amount: 300 }, key: refusedKey });
    await ask('POST /atm/maintenance');
    const repeated = await askOther('POST /atm/withdrawal', { body: { amount: 300 }, key: refusedKey });
    expect([refused.status, repeated.status, repeated.text, isReplay(repeated)]).toEqual([
      409,
      409,
      refused.text,
      'true',
    ]);
    // Invalid requests aren't stored.
    const invalidRequestKey = randomUUID();
    expect((await ask('POST /atm/withdrawal', { body: { amount: 2001 }, key: invalidRequestKey })).status).toBe(422);
    expect((await ask('POST /atm/withdrawal', { body: { amount: 100 }, key: invalidRequestKey })).status).toBe(200);
  });
});
