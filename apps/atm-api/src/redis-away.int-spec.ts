import { createCuttableProxy, eventually, freePort, testEngines, type Ask, type CuttableProxy } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askAtm, readWholeJournal, stockByInventory, stockByJournal } from '../test/ask-test-atm';
import { createTestStorage, startTestAtm, type TestAtm, type TestStorage } from '../test/start-test-atm';

let storage: TestStorage;
let proxy: CuttableProxy;
let atm: TestAtm;
let ask: Ask;

beforeEach(async () => {
  storage = createTestStorage('redis');
  const { host, port } = testEngines().redis;
  proxy = await createCuttableProxy({ host, port });
  const url = new URL(storage.settings.REDIS_URL!);
  url.port = String(proxy.port);
  atm = await startTestAtm({ ...storage, settings: { ...storage.settings, REDIS_URL: url.href } });
  ask = askAtm(atm.url);
});
afterEach(async () => {
  // The proxy closes first: it can't cut connections that are already closing.
  await proxy.close();
  await atm.stop();
  storage.remove();
});

const withdraw = (key?: string) => ask('POST /atm/withdrawal', { body: { amount: 20 }, ...(key && { key }) });
const dispensedCount = async () => (await readWholeJournal(ask)).filter(({ type }) => type === 'withdrawal').length;

it('a withdrawal whose write took effect but whose reply was lost is recognised and dispensed once', async () => {
  await withdraw();
  // Redis executes the script, but its reply and the connection are lost.
  let isCut = false;
  proxy.alter((chunk) => {
    if (isCut || chunk.toString() !== ':1\r\n') return chunk;
    isCut = true;
    setImmediate(() => proxy.cut());
    return Buffer.alloc(0);
  });
  const reply = await withdraw();
  expect([isCut, reply.status]).toEqual([true, 200]);
  expect(reply.headers.has('idempotency-replayed')).toBe(false);
  expect(await dispensedCount()).toBe(2);
  expect(stockByJournal(await readWholeJournal(ask))).toEqual(await stockByInventory(ask));
});

it('if connections break under load, no pieces are lost: each withdrawal is dispensed once, or is refused after retries', async () => {
  let served = 0;
  const keys = Array.from({ length: 40 }, () => randomUUID());
  const settle = (key: string) =>
    eventually(async () => {
      const { status } = await withdraw(key);
      if (status === 200 && ++served % 4 === 0) proxy.cut();
      if (status === 200 || status === 409) return status;
      throw new Error(`${key} got status ${status}`);
    });
  const statuses = await Promise.all(keys.map(settle));
  const paid = statuses.filter((status) => status === 200).length;
  await eventually(async () => expect(await dispensedCount()).toBe(paid));
  expect(stockByJournal(await readWholeJournal(ask))).toEqual(await stockByInventory(ask));
});

it('requests time out when Redis stops responding, and succeed on the next connection', async () => {
  proxy.silence();
  const reply = await withdraw();
  expect([503, 504]).toContain(reply.status);
  await eventually(async () => expect((await withdraw()).status).toBe(200));
}, 60_000);

it('without Redis the service starts, replies 503, saying that nothing was done, and is not ready', async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const settings = { ...storage.settings, REDIS_URL: url };
  const atmWithoutRedis = await startTestAtm({ ...storage, settings }, {}, { waitsUntilReady: false });
  const reply = await askAtm(atmWithoutRedis.url)('POST /atm/withdrawal', { body: { amount: 20 } });
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
  expect((reply.body as { detail: string }).detail).toContain('nothing was done');
  expect((await askAtm(atmWithoutRedis.url)('GET /readyz')).status).toBe(503);
  await atmWithoutRedis.stop();
});
