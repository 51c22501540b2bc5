import { MACHINE_ROUTES } from '@souk/contracts';
import { keyIdsOf } from '@souk/http';
import { digestOf } from '@souk/service';
import { eventually, type Ask, type Reply } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askAtm } from '../test/ask-test-atm';
import { createTestStorage, startTestAtm, STORE_KINDS, type TestAtm, type TestStorage } from '../test/start-test-atm';

const ADMIN_API_KEY = 'secret';
const isReplay = ({ headers }: Reply) => headers.get('idempotency-replayed');

/** Every POST and its body. */
const POSTS = [
  ['withdrawal', { amount: 20 }],
  ['refill', { money: { '20': 1 } }],
  ['maintenance', undefined],
] as const;

describe.each(STORE_KINDS)('idempotency keys (%s store)', (kind) => {
  let storage: TestStorage;
  let atm: TestAtm | undefined;
  let ask: Ask;

  const start = async (settings: Record<string, string> = {}) => {
    await atm?.stop();
    atm = await startTestAtm(storage, settings);
    ask = askAtm(atm.url);
  };
  const total = async () => ((await ask('GET /atm/total')).body as { total: number }).total;
  const journalLength = async () =>
    ((await ask('GET /atm/journal', { adminKey: ADMIN_API_KEY })).body as { items: unknown[] }).items.length;

  beforeAll(() => {
    storage = createTestStorage(kind);
  });
  afterAll(async () => {
    await atm?.stop();
    storage.remove();
  });

  it('are the same with and without an API key, before and after one is configured', async () => {
    await start();
    const keys = POSTS.map(() => randomUUID());
    const firstReplies: Reply[] = [];
    for (const [index, [operation, body]] of POSTS.entries())
      firstReplies.push(await ask(`POST /atm/${operation}`, { body, key: keys[index], adminKey: ADMIN_API_KEY }));
    expect(firstReplies.map((reply) => [reply.status, isReplay(reply)])).toEqual(POSTS.map(() => [200, null]));
    const [before, entryCount] = [await total(), await journalLength()];

    await start({ ADMIN_API_KEY });
    for (const [index, [operation, body]] of POSTS.entries()) {
      for (const call of [`POST /atm/${operation}`, `POST /atm/main/${operation}`] as const) {
        const repeat = await ask(call, { body, key: keys[index], adminKey: ADMIN_API_KEY });
        expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([200, firstReplies[index]!.text, 'true']);
      }
    }
    const withdraw = { body: POSTS[0][1], key: keys[0] };
    expect(isReplay(await ask('POST /atm/withdrawal', withdraw))).toBe('true');
    expect([await total(), await journalLength()]).toEqual([before, entryCount]);
  });

  it.each(
    POSTS.flatMap(([operation, body]) => ['admin-key', 'nobody'].map((caller) => [operation, caller, body] as const)),
  )('of a %s are found where an earlier release stored them for the caller %s', async (operation, caller, body) => {
    await start();
    const key = randomUUID();
    const first = await ask(`POST /atm/${operation}`, { body, key });
    await atm!.stop();
    await moveToOldScope(operation, key, caller);

    await start({ ADMIN_API_KEY });
    const [before, entryCount] = [await total(), await journalLength()];
    const repeat = await ask(`POST /atm/${operation}`, { body, key, adminKey: ADMIN_API_KEY });
    expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([200, first.text, 'true']);
    expect([await total(), await journalLength()]).toEqual([before, entryCount]);
  });

  /** Moves the outcome of a key to where an earlier release stored it. */
  async function moveToOldScope(operation: (typeof POSTS)[number][0], key: string, caller: string): Promise<void> {
    const store = storage.store();
    await store.open();
    await eventually(() => store.ping());
    const { id, earlierIds } = keyIdsOf(
      MACHINE_ROUTES[0]![operation],
      { params: {}, body: {} },
      { key, owner: undefined },
      operation,
    );
    const [newId, ...copyIds] = [id, ...earlierIds].map((bytes) => bytes.toString('base64url')) as [string];
    const { state, outcomes } = await store.read('main', [newId]);
    const { copyIds: _, ...outcome } = outcomes.get(newId)!;
    const oldId = digestOf(caller, operation, key).toString('base64url');
    await store.write('main', {
      expectedVersion: state!.version,
      state: { ...state!, version: state!.version + 1 },
      entries: [],
      outcomes: new Map([[newId, null], ...copyIds.map((copyId) => [copyId, null] as const), [oldId, outcome]]),
    });
    await store.close();
  }

  it('must have at least 16 characters for a withdrawal without an account, and may be shorter otherwise', async () => {
    await start();
    const key = randomUUID().slice(0, 16);
    const before = await total();
    for (const call of ['POST /atm/withdrawal', 'POST /atm/main/withdrawal'] as const) {
      const refused = await ask(call, { body: { amount: 20 }, key: key.slice(1) });
      expect([refused.status, refused.body]).toEqual([
        400,
        expect.objectContaining({
          code: 'INVALID_REQUEST',
          detail:
            'Idempotency-Key must have at least 16 characters, because the request names no account, wallet or reference',
        }),
      ]);
    }
    expect(await total()).toBe(before);
    expect((await ask('POST /atm/withdrawal', { body: { amount: 20 }, key })).status).toBe(200);
    expect((await ask('POST /atm/refill', { body: { money: { '20': 1 } }, key: 'k' })).status).toBe(200);
    expect((await ask('POST /atm/maintenance', { key: 'k' })).status).toBe(200);
  });
});
