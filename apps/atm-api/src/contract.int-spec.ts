import { MACHINE_ROUTES } from '@souk/contracts';
import { problem, type Ask } from '@souk/testing';
import { askAtm } from '../test/ask-test-atm';
import { createTestStorage, startTestAtm, STORE_KINDS, type TestAtm, type TestStorage } from '../test/start-test-atm';

const LOBBY = { bills: { '50': 4, '20': 1 }, coins: { '0.01': 60 }, amount_max: '120.50', coins_max: 50 };
const SETTINGS = { ATM_MACHINES: JSON.stringify({ lobby: LOBBY }), ADMIN_API_KEY: 'secret' };

describe.each(STORE_KINDS)('the contract (%s store)', (kind) => {
  let storage: TestStorage;
  let atm: TestAtm;
  let ask: Ask;

  beforeAll(async () => {
    storage = createTestStorage(kind);
    atm = await startTestAtm(storage, SETTINGS);
    ask = askAtm(atm.url);
  });
  beforeEach(async () => {
    for (const path of ['/atm', '/atm/lobby'] as const)
      expect((await ask(`POST ${path}/maintenance`, { adminKey: 'secret' })).status).toBe(200);
  });
  afterAll(async () => {
    await atm.stop();
    storage.remove();
  });

  const statusAndBodyOf = async (...call: Parameters<Ask>) => {
    const { status, body } = await ask(...call);
    return [status, body];
  };
  const withdraw = (amount: unknown, path = '/atm') =>
    statusAndBodyOf(`POST ${path as '/'}/withdrawal`, { body: { amount } });

  it('dispenses the exact amount, listing bills and coins separately, whether the amount is a number or a string', async () => {
    const paid = { requested_amount: 200.9, withdrawal: { BILL: { '200': 1 }, COIN: { '0.1': 9 } } };
    expect(await withdraw(200.9)).toEqual([200, paid]);
    expect(await withdraw('100')).toEqual([
      200,
      { requested_amount: 100, withdrawal: { BILL: { '100': 1 }, COIN: {} } },
    ]);
    const small = { requested_amount: 5.03, withdrawal: { BILL: {}, COIN: { '5': 1, '0.01': 3 } } };
    expect(await withdraw('5.03')).toEqual([200, small]);
  });

  it.each([
    ['0', 'Amount must be greater than zero'],
    ['"0.00"', 'Amount must be greater than zero'],
    ['-5', 'Amount must be greater than zero'],
    ['"-0.01"', 'Amount must be greater than zero'],
    ['-0', 'Amount must be greater than zero'],
    ['0.000', 'Amount must be greater than zero'],
    ['0e5', 'Amount must be greater than zero'],
    ['".0"', 'Amount must be greater than zero'],
    ['-0.005', 'Amount must be greater than zero'],
    ['-1e2', 'Amount must be greater than zero'],
    ['"-1E-2"', 'Amount must be greater than zero'],
    ['"-.5"', 'Amount must be greater than zero'],
    ['"-"', 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"'],
    ['0.005', 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"'],
    ['"abc"', 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"'],
    ['1e2', 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"'],
    ['1.001', 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"'],
    ['".5"', 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"'],
    ['true', 'amount must be an amount of more than 0 with at most two decimals, such as "12.50"'],
    ['null', 'amount is required'],
  ])('refuses the amount %s', async (amount, detail) => {
    const message = detail.replace(/^amount /, '');
    const refused = problem(422, 'INVALID_AMOUNT', detail, { fields: [{ field: 'amount', message }] });
    expect(await statusAndBodyOf('POST /atm/withdrawal', { body: `{"amount": ${amount}}` })).toEqual([422, refused]);
  });

  it('refuses amounts over the limit and states the limit without unnecessary zeros', async () => {
    const refused = (limit: string) =>
      problem(422, 'LIMIT_EXCEEDED', `Amount exceeds the maximum withdrawal limit of ${limit}`);
    expect(await withdraw('2000.01')).toEqual([422, refused('2000')]);
    expect(await withdraw(121, '/atm/lobby')).toEqual([422, refused('120.5')]);
  });

  it('refuses amounts that take too many coins', async () => {
    expect(await withdraw('0.51', '/atm/lobby')).toEqual([422, problem(422, 'TOO_MANY_COINS', 'Too many coins')]);
  });

  it("refuses amounts that it can't cover and states the largest that it can pay at once", async () => {
    expect((await withdraw(2000))[0]).toBe(200);
    const detail = 'Insufficient funds. Max available amount: 216.37';
    expect(await withdraw(217)).toEqual([409, problem(409, 'INSUFFICIENT_FUNDS', detail)]);
    // The machine holds 54 coins, but a withdrawal may have at most 50.
    expect((await withdraw('216.37'))[0]).toBe(200);
    expect((await withdraw('0.04'))[0]).toBe(200);
    const empty = 'Insufficient funds. Max available amount: 0.00';
    expect(await withdraw('0.01')).toEqual([409, problem(409, 'INSUFFICIENT_FUNDS', empty)]);
  });

  it("refuses amounts that its pieces don't add up to and states the nearest ones below and above", async () => {
    const detail = 'Amount cannot be paid with the available denominations';
    const refused = problem(409, 'NOT_PAYABLE', detail, { below: 20.5, above: 50 });
    expect(await withdraw('20.7', '/atm/lobby')).toEqual([409, refused]);
  });

  it('reports what could be dispensed without taking anything', async () => {
    const dispensable = (amount: string, path = '/atm') =>
      statusAndBodyOf(`GET ${path as '/'}/dispensable?amount=${amount}`);
    const withdrawal = { BILL: { '200': 1 }, COIN: { '0.1': 9 } };
    expect(await dispensable('200.9')).toEqual([200, { dispensable: true, withdrawal }]);
    const notDispensable = (reason: string, detail: string, below: number | null, above: number | null) => [
      200,
      { dispensable: false, reason, detail, below, above },
    ];
    const unpayable = 'Amount cannot be paid with the available denominations';
    expect(await dispensable('20.7', '/atm/lobby')).toEqual(notDispensable('NOT_PAYABLE', unpayable, 20.5, 50));
    expect(await dispensable('0.55', '/atm/lobby')).toEqual(
      notDispensable('TOO_MANY_COINS', 'Too many coins', 0.5, 20),
    );
    const overLimit = 'Amount exceeds the maximum withdrawal limit of 2000';
    expect(await dispensable('2500')).toEqual(notDispensable('LIMIT_EXCEEDED', overLimit, 2000, null));
    expect(await statusAndBodyOf('GET /atm/total')).toEqual([200, { total: 2216.41 }]);
    for (const [query, detail] of [
      ['?amount=0', 'Amount must be greater than zero'],
      ['?amount=-1', 'Amount must be greater than zero'],
      ['?amount=x', expect.stringContaining('more than 0')],
      ['', 'amount is required'],
      ['?amount=1&amount=2', expect.stringContaining('more than 0')],
    ] as const) {
      const [status, body] = await statusAndBodyOf(`GET /atm/dispensable${query}`);
      expect([status, body]).toEqual([422, expect.objectContaining({ code: 'INVALID_AMOUNT', detail })]);
    }
  });

  it('refills all or nothing and replies with what was added', async () => {
    const refill = (body: unknown) => statusAndBodyOf('POST /atm/refill', { body, adminKey: 'secret' });
    const money = { '0.1': 5, '20': 15, '100': 30 };
    expect(await refill({ money })).toEqual([200, { refilled: money }]);
    const unknown = (text: string) => problem(422, 'UNKNOWN_DENOMINATION', `Unknown denomination ${text}`);
    expect(await refill({ money: { '20': 1, '3': 1 } })).toEqual([422, unknown('3')]);
    expect(await refill({ money: { '0.10': 1 } })).toEqual([422, unknown('0.10')]);
    const proto = '{"money": {"20": 1, "__proto__": 1}}';
    expect(await refill(proto)).toMatchObject([
      422,
      { code: 'UNKNOWN_DENOMINATION', detail: 'Unknown denomination __proto__' },
    ]);
    for (const [body, detail] of [
      [{ money: { '20': 0 } }, 'money.20 must be at least 1'],
      [{ money: { '20': -1 } }, 'money.20 must be at least 1'],
      [{ money: { '20': 1.5 } }, 'money.20 must be an integer'],
      [{ money: { '20': '1' } }, 'money.20 must be an integer'],
      [{ money: { '20': 1, '100': 0 } }, 'money.100 must be at least 1'],
      [{ money: {} }, 'Nothing to refill'],
      [{ money: { '20': null } }, 'Nothing to refill'],
      [{}, 'money is required'],
      [{ money: 5 }, expect.stringContaining('money must be an object')],
      [{ money: [1] }, expect.stringContaining('money must be an object')],
    ] as const)
      expect(await refill(body)).toEqual([422, problem(422, 'INVALID_REQUEST', detail, { fields: expect.any(Array) })]);
    expect(await statusAndBodyOf('GET /atm/total')).toEqual([200, { total: 2216.41 + 0.5 + 300 + 3000 }]);
  });

  it('lists the pieces it holds, without zero counts, and their worth to the cent', async () => {
    const bills = { '200': 7, '100': 4, '20': 15 };
    const coins = { '10': 10, '5': 1, '1': 10, '0.1': 12, '0.01': 21 };
    expect(await statusAndBodyOf('GET /atm/inventory')).toEqual([200, { result: { bills, coins } }]);
    await withdraw(5);
    const { '5': _, ...otherCoins } = coins;
    expect(await statusAndBodyOf('GET /atm/inventory')).toEqual([200, { result: { bills, coins: otherCoins } }]);
    const total = await ask('GET /atm/total');
    expect([total.status, total.text]).toEqual([200, '{"total":2211.41}']);
  });

  it('is full again after maintenance and replies "full"', async () => {
    await withdraw(1234);
    const reply = await ask('POST /atm/maintenance', { adminKey: 'secret' });
    expect([reply.status, reply.text]).toEqual([200, '"full"']);
    expect(await statusAndBodyOf('GET /atm/total')).toEqual([200, { total: 2216.41 }]);
  });

  it('resets on GET only if ATM_LEGACY_GET is set', async () => {
    const refused = await ask('GET /atm/maintenance', { adminKey: 'secret' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    const legacyStorage = createTestStorage(kind);
    const legacy = await startTestAtm(legacyStorage, { ATM_LEGACY_GET: 'true' });
    const askLegacy = askAtm(legacy.url);
    await askLegacy('POST /atm/withdrawal', { body: { amount: 200 } });
    for (const path of ['/atm/maintenance', '/atm/main/maintenance']) {
      const head = await fetch(`${legacy.url}${path}`, { method: 'HEAD' });
      expect([head.status, head.headers.get('allow')]).toEqual([405, 'POST, GET']);
    }
    expect((await askLegacy('GET /atm/total')).body).toEqual({ total: 2016.41 });
    expect((await askLegacy('GET /atm/maintenance')).text).toBe('"full"');
    expect((await askLegacy('GET /atm/total')).body).toEqual({ total: 2216.41 });
    await legacy.stop();
    legacyStorage.remove();
  });

  it('pages through the journal of withdrawals, refills and resets with key, amount and pieces, newest first', async () => {
    await ask('POST /atm/withdrawal', { body: { amount: '200.9' }, key: 'withdrawal-000001' });
    await ask('POST /atm/refill', { body: { money: { '5': 2 } }, key: 'r-1', adminKey: 'secret' });
    const journal = (query = '') => ask(`GET /atm/journal${query}`, { adminKey: 'secret' });
    const { items, next } = (await journal('?limit=3')).body as { items: object[]; next: string };
    const reset = { type: 'reset', status: null, amount: 2216.41, idempotency_key: null };
    expect(items).toEqual([
      expect.objectContaining({
        type: 'refill',
        amount: 10,
        pieces: { '5': 2 },
        change: { '5': 2 },
        idempotency_key: 'r-1',
        actor: 'admin-key',
      }),
      expect.objectContaining({
        type: 'withdrawal',
        status: 'dispensed',
        amount: 200.9,
        pieces: { '200': 1, '0.1': 9 },
        change: { '200': -1, '0.1': -9 },
        idempotency_key: 'withdrawal-000001',
        account_id: null,
        actor: 'nobody',
      }),
      expect.objectContaining(reset),
    ]);
    const olderPage = (await journal(`?after=${next}&limit=500`)).body as { items: { sequence: number }[]; next: null };
    expect([olderPage.items[0]!.sequence, olderPage.items.at(-1)!.sequence, olderPage.next]).toEqual([
      Number(next) - 1,
      1,
      null,
    ]);
    for (const [query, detail] of [
      ['?after=x', 'after must be the `next` of the page before'],
      ['?limit=501', 'limit must be from 1 to 500'],
    ] as const) {
      const refused = problem(422, 'INVALID_REQUEST', detail, { fields: expect.any(Array) });
      expect((await journal(query)).body).toEqual(refused);
    }
  });

  it('requires the admin key for refill, maintenance and journal only', async () => {
    for (const path of ['/atm', '/atm/lobby']) {
      for (const call of [`POST ${path}/refill`, `POST ${path}/maintenance`, `GET ${path}/journal`] as const) {
        const refused = problem(401, 'UNAUTHORIZED', 'X-API-Key is missing or wrong');
        expect(await statusAndBodyOf(call as 'POST /', { adminKey: 'wrong' })).toEqual([401, refused]);
      }
      for (const call of [`GET ${path}/inventory`, `GET ${path}/total`, `GET ${path}/dispensable?amount=20`] as const)
        expect((await statusAndBodyOf(call as 'GET /'))[0]).toBe(200);
    }
  });

  it('gives each machine its own stock and limits; paths without a machine id belong to main', async () => {
    const paid = { requested_amount: 70, withdrawal: { BILL: { '50': 1, '20': 1 }, COIN: {} } };
    expect(await withdraw(70, '/atm/lobby')).toEqual([200, paid]);
    expect(await statusAndBodyOf('GET /atm/lobby/total')).toEqual([200, { total: 150.6 }]);
    await withdraw(200);
    for (const path of ['/atm/total', '/atm/main/total', '/atm/main/total/'] as const)
      expect(await statusAndBodyOf(`GET ${path}`)).toEqual([200, { total: 2016.41 }]);
    const unknown = problem(404, 'MACHINE_NOT_FOUND', 'Machine not found');
    for (const route of Object.values(MACHINE_ROUTES[1]!)) {
      const path =
        route.path.replace(':machineID', 'nowhere') + (route.path.endsWith('dispensable') ? '?amount=1' : '');
      const body = route.example === undefined ? {} : { body: route.example };
      const call = `${route.method.toUpperCase()} ${path}` as 'GET /';
      expect(await statusAndBodyOf(call, { ...body, adminKey: 'secret' })).toEqual([404, unknown]);
    }
  });

  it('refuses an account if no wallet is configured', async () => {
    const [status, body] = await statusAndBodyOf('POST /atm/withdrawal', { body: { amount: 20, account_id: 'a' } });
    expect([status, body]).toEqual([
      422,
      expect.objectContaining({
        code: 'INVALID_REQUEST',
        fields: [{ field: 'account_id', message: expect.any(String) }],
      }),
    ]);
  });

  it('refuses unreadable requests with the same errors as every service', async () => {
    expect(await statusAndBodyOf('POST /atm/withdrawal', { body: '{' })).toEqual([
      400,
      problem(400, 'INVALID_REQUEST', 'The body is not valid JSON'),
    ]);
    const text = await statusAndBodyOf('POST /atm/withdrawal', {
      body: '{}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(text).toEqual([415, expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' })]);
    const key = await statusAndBodyOf('POST /atm/withdrawal', { body: { amount: 20 }, key: 'two words' });
    expect(key).toEqual([400, expect.objectContaining({ code: 'INVALID_REQUEST' })]);
    // Validation comes before the key.
    const refusalOf = async (call: 'POST /atm/withdrawal' | 'POST /atm/refill', body: unknown) =>
      ((await ask(call, { body, key: 'two words', adminKey: 'secret' })).body as { detail: string }).detail;
    expect(await refusalOf('POST /atm/withdrawal', { amount: 0 })).toBe('Amount must be greater than zero');
    const limit = 'Amount exceeds the maximum withdrawal limit of 2000';
    expect(await refusalOf('POST /atm/withdrawal', { amount: 2001 })).toBe(limit);
    expect(await refusalOf('POST /atm/withdrawal', { amount: 20, account_id: 'a' })).toContain('is not supported here');
    expect(await refusalOf('POST /atm/refill', { money: { '3': 1 } })).toBe('Unknown denomination 3');
  });

  it('documents examples that work unchanged', async () => {
    for (const routes of MACHINE_ROUTES)
      for (const { path, example } of Object.values(routes))
        if (example !== undefined) {
          const call = `POST ${path.replace(':machineID', 'main')}` as 'POST /';
          expect((await ask(call, { body: example, adminKey: 'secret' })).status).toBe(200);
        }
  });

  it('is documented and ready', async () => {
    expect(await statusAndBodyOf('GET /readyz')).toEqual([200, { status: 'ok', checks: { store: 'ok' } }]);
    const { body } = await ask('GET /documentation/openapi.json');
    expect(Object.keys((body as { paths: object }).paths)).toContain('/atm/{machineID}/withdrawal');
  });
});
