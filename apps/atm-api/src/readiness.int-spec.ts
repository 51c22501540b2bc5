import { eventually, startTestRedisServer, type Ask, type TestRedisServer } from '@souk/testing';
import { rmSync } from 'node:fs';
import { askAtm } from '../test/ask-test-atm';
import { createTestStorage, startTestAtm, type TestAtm } from '../test/start-test-atm';

const READY = { status: 'ok', checks: { store: 'ok' } };
const NOT_READY = { status: 'unavailable', checks: { store: 'unavailable' } };

describe('with Redis', () => {
  let redis: TestRedisServer;
  let atm: TestAtm;
  let ask: Ask;

  beforeAll(async () => {
    redis = await startTestRedisServer();
    const storage = createTestStorage('redis');
    atm = await startTestAtm({ ...storage, settings: { ...storage.settings, REDIS_URL: redis.url } });
    ask = askAtm(atm.url);
  });
  afterAll(async () => {
    await atm.stop();
    await redis.stop();
  });

  const readiness = async () => (await ask('GET /readyz')).body;
  const withdraw = async () => (await ask('POST /atm/withdrawal', { body: { amount: 20 } })).status;

  it.each([
    ['a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    ['out of memory', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    [
      'short of replicas',
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    ],
  ])(
    'is not ready while Redis is %s, because a withdrawal would fail, and then becomes ready without a restart',
    async (_, on, off) => {
      await redis.call(...(on as [string, ...string[]]));
      expect(await readiness()).toEqual(NOT_READY);
      expect(await withdraw()).toBe(503);
      expect(await readiness()).toEqual(NOT_READY);
      await redis.call(...(off as [string, ...string[]]));
      await eventually(async () => expect(await readiness()).toEqual(READY));
      await eventually(async () => expect(await withdraw()).toBe(200));
    },
  );

  it('checking readiness changes nothing', async () => {
    const changes = async () =>
      /rdb_changes_since_last_save:(\d+)/.exec(String(await redis.call('INFO', 'persistence')))?.[1];
    const before = [await changes(), await redis.call('DBSIZE')];
    for (let count = 0; count < 5; count++) expect(await readiness()).toEqual(READY);
    expect([await changes(), await redis.call('DBSIZE')]).toEqual(before);
  });
});

it('with files, is not ready if the folder is missing', async () => {
  const storage = createTestStorage('file');
  const atm = await startTestAtm(storage);
  try {
    const ask = askAtm(atm.url);
    expect((await ask('GET /readyz')).body).toEqual(READY);
    rmSync(storage.settings.ATM_DIRECTORY!, { recursive: true });
    expect((await ask('GET /readyz')).body).toEqual(NOT_READY);
  } finally {
    await atm.stop();
    storage.remove();
  }
});
