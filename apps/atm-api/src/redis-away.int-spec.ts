import { createCuttableProxy, eventually, freePort, testEngines, type Ask, type CuttableProxy } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askAtm, readWholeJournal, stockByInventory, stockByJournal } from '../test/ask-test-atm';
import { createTestPlace, startTestAtm, type TestAtm, type TestPlace } from '../test/start-test-atm';

let place: TestPlace;
let proxy: CuttableProxy;
let atm: TestAtm;
let ask: Ask;

beforeEach(async () => {
  place = createTestPlace('redis');
  const { host, port } = testEngines().redis;
  proxy = await createCuttableProxy({ host, port });
  const url = new URL(place.settings.REDIS_URL!);
  url.port = String(proxy.port);
  atm = await startTestAtm({ ...place, settings: { ...place.settings, REDIS_URL: url.href } });
  ask = askAtm(atm.url);
});
afterEach(async () => {
  // The proxy closes first: it can't cut connections that are already closing.
  await proxy.close();
  await atm.stop();
  place.remove();
});

const withdraw = (key?: string) => ask('POST /atm/withdrawal', { body: { amount: 20 }, ...(key && { key }) });
const dispensed = async () => (await readWholeJournal(ask)).filter(({ type }) => type === 'withdrawal').length;

it('a write whose reply was lost is recognized and dispensed once', async () => {
  await withdraw();
  // The script is executed, but its reply and the connection are lost.
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
  expect(await dispensed()).toBe(2);
  expect(stockByJournal(await readWholeJournal(ask))).toEqual(await stockByInventory(ask));
});

it('connections that break under load lose no notes: each request is dispensed once or refused after retries', async () => {
  let served = 0;
  const keys = Array.from({ length: 40 }, () => randomUUID());
  const settle = (key: string) =>
    eventually(async () => {
      const { status } = await withdraw(key);
      if (status === 200 && ++served % 4 === 0) proxy.cut();
      if (status === 200 || status === 409) return status;
      throw new Error(`${key} was answered ${status}`);
    });
  const statuses = await Promise.all(keys.map(settle));
  const paid = statuses.filter((status) => status === 200).length;
  await eventually(async () => expect(await dispensed()).toBe(paid));
  expect(stockByJournal(await readWholeJournal(ask))).toEqual(await stockByInventory(ask));
});

it('a Redis that stops responding times out, and the next connection works', async () => {
  proxy.silence();
  const reply = await withdraw();
  expect([503, 504]).toContain(reply.status);
  await eventually(async () => expect((await withdraw()).status).toBe(200));
}, 60_000);

it('without Redis the service starts, replies 503 saying that nothing was done, and is not ready', async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const away = startTestAtm({ ...place, settings: { ...place.settings, REDIS_URL: url } }, {}, { waits: false });
  const alone = await away;
  const reply = await askAtm(alone.url)('POST /atm/withdrawal', { body: { amount: 20 } });
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
  expect((reply.body as { detail: string }).detail).toContain('nothing was done');
  expect((await askAtm(alone.url)('GET /readyz')).status).toBe(503);
  await alone.stop();
});
