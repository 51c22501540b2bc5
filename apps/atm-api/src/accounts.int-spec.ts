import { eventually, problem, type Ask } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askAtm, readWholeJournal, stockByInventory, stockByJournal } from '../test/ask-test-atm';
import { startFakeWallet, type FakeWallet } from '../test/start-fake-wallet';
import { createTestStorage, startTestAtm, STORE_KINDS, type TestAtm, type TestStorage } from '../test/start-test-atm';

const FULL = 2216.41;
const body = { amount: 100, account_id: 'ann' };

/** For tests in which the wallet doesn't reply. */
const IMPATIENT = { PAYMENT_TIMEOUT_MS: '300' };

describe.each(STORE_KINDS)('a withdrawal from an account (%s store)', (kind) => {
  let storage: TestStorage;
  let wallet: FakeWallet;
  let atm: TestAtm;
  let ask: Ask;

  beforeEach(async () => {
    storage = createTestStorage(kind);
    wallet = await startFakeWallet();
    await start();
  });
  afterEach(async () => {
    await atm.stop();
    await wallet.stop();
    storage.remove();
  });

  const start = async (settings: Record<string, string> = {}, options?: { leaseMarginMs: number }) => {
    const allSettings = {
      WALLET_ADDRESS: wallet.address,
      PAYMENT_TIMEOUT_MS: '5000',
      WITHDRAWAL_TTL: '60',
      ...settings,
    };
    atm = await startTestAtm(storage, allSettings, options);
    ask = askAtm(atm.url);
  };
  const restart = async (settings: Record<string, string>, options?: { leaseMarginMs: number }) => {
    await atm.stop();
    await start(settings, options);
  };
  const withdraw = (key?: string) => ask('POST /atm/withdrawal', { body, ...(key && { key }) });
  const total = async () => ((await ask('GET /atm/total')).body as { total: number }).total;
  const statuses = async () =>
    (await readWholeJournal(ask)).filter(({ type }) => type === 'withdrawal').map(({ status }) => status);
  /** Waits until no withdrawal is open and no cancellation is pending. */
  const waitUntilSettled = () =>
    eventually(async () => {
      const metrics = await atm.metrics.metrics();
      for (const gauge of ['souk_atm_open_withdrawals', 'souk_atm_pending_cancellations'])
        expect(metrics).toMatch(new RegExp(`^${gauge}{machine="main",[^}]*} 0$`, 'm'));
    }, 25_000);
  /** Checks that the account was charged for exactly the dispensed pieces. @returns their worth in cents */
  const checkDispensedIsPaid = async () => {
    const dispensedCents = Math.round((FULL - (await total())) * 100);
    expect(stockByJournal(await readWholeJournal(ask))).toEqual(await stockByInventory(ask));
    expect(1_000_000n - wallet.balance).toBe(BigInt(dispensedCents));
    return dispensedCents;
  };

  it('charges the account, pays the machine and dispenses, with the same reply as any withdrawal', async () => {
    const reply = await withdraw();
    expect([reply.status, reply.body]).toEqual([
      200,
      { requested_amount: 100, withdrawal: { BILL: { '100': 1 }, COIN: {} } },
    ]);
    expect([...wallet.payments.values()]).toEqual([
      { state: 'PAYMENT_STATE_CHARGED', amount: 10_000n, payee: 'atm-main', reason: '' },
    ]);
    expect(await statuses()).toEqual(['open', 'dispensed']);
    expect(await checkDispensedIsPaid()).toBe(10_000);
  });

  it.each([
    ['INSUFFICIENT_FUNDS', 402, 'PAYMENT_DECLINED', 'The account has insufficient funds', true],
    ['BALANCE_LIMIT', 402, 'PAYMENT_DECLINED', 'The wallet declined the charge', true],
    ['NO_WALLET', 404, 'ACCOUNT_NOT_FOUND', 'Account not found', false],
  ])(
    'puts the pieces back when the wallet declines with %s, and replays the refusal for the same key',
    async (...row) => {
      const [reason, status, code, detail, hasReason] = row;
      wallet.declines = reason;
      const key = randomUUID();
      const refused = await withdraw(key);
      expect([refused.status, refused.body]).toEqual([
        status,
        problem(status, code, detail, hasReason ? { reason } : {}),
      ]);
      wallet.declines = undefined;
      const repeat = await withdraw(key);
      expect([repeat.text, repeat.headers.get('idempotency-replayed')]).toEqual([refused.text, 'true']);
      expect(await statuses()).toEqual(['open', 'put_back']);
      expect(await checkDispensedIsPaid()).toBe(0);
    },
  );

  it("never charges the wallet for cash the machine can't dispense", async () => {
    expect((await ask('POST /atm/withdrawal', { body: { amount: 2000 } })).status).toBe(200);
    const refused = await ask('POST /atm/withdrawal', { body: { amount: 300, account_id: 'ann' } });
    expect([refused.status, wallet.payments.size]).toEqual([409, 0]);
  });

  it('puts the pieces back, cancels the payment and frees the key if the wallet is unavailable', async () => {
    wallet.faults = Array.from({ length: 5 }, () => 'unavailable' as const); // one per attempt of a call
    const key = randomUUID();
    const refused = await withdraw(key);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await total()).toBe(FULL);
    wallet.faults = [];
    const repeat = await withdraw(key);
    expect([repeat.status, repeat.headers.get('idempotency-replayed')]).toEqual([200, null]);
    await waitUntilSettled();
    expect(await checkDispensedIsPaid()).toBe(10_000);
  });

  it('sets the pieces aside and refuses a reset while it is unknown whether the account was charged', async () => {
    await restart(IMPATIENT);
    wallet.faults = ['late'];
    const reply = await withdraw();
    expect([reply.status, (reply.body as { code: string }).code]).toEqual([504, 'TIMEOUT']);
    expect(await total()).toBe(FULL - 100);
    const reset = await ask('POST /atm/maintenance');
    expect([reset.status, (reset.body as { code: string }).code]).toEqual([409, 'WITHDRAWAL_OPEN']);
  });

  it('retries the charge with the same id until the outcome is known, even after a restart, and replays it for the key', async () => {
    await restart(IMPATIENT);
    wallet.faults = ['late'];
    const key = randomUUID();
    expect((await withdraw(key)).status).toBe(504);
    await restart(IMPATIENT);
    await eventually(async () => expect(await statuses()).toEqual(['open', 'dispensed']), 25_000);
    const reply = await withdraw(key);
    expect([reply.status, reply.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(await checkDispensedIsPaid()).toBe(10_000);
  });

  it.each(['late', 'lost'] as const)(
    'puts the pieces back, then cancels the payment, when the TTL expires (charge fault: %s)',
    async (fault) => {
      wallet.faults = Array.from({ length: 50 }, () => fault);
      wallet.cancelFaults = ['lost', 'unavailable', 'late'];
      const key = randomUUID();
      // Each failed cancellation is repeated when its lease ends.
      await restart({ ...IMPATIENT, WITHDRAWAL_TTL: '1' }, { leaseMarginMs: 300 });
      expect((await withdraw(key)).status).toBe(504);
      await eventually(async () => expect(await statuses()).toEqual(['open', 'put_back']), 25_000);
      await waitUntilSettled();
      const reply = await withdraw(key);
      expect([reply.status, (reply.body as { code: string }).code]).toEqual([409, 'WITHDRAWAL_EXPIRED']);
      expect(await checkDispensedIsPaid()).toBe(0);
      expect([...wallet.payments.values()].map(({ state }) => state)).toEqual([
        fault === 'late' ? 'PAYMENT_STATE_REFUNDED' : 'PAYMENT_STATE_CANCELLED',
      ]);
    },
    60_000,
  );

  it('makes repeats of a key wait for the first request', async () => {
    const key = randomUUID();
    const replies = await Promise.all(Array.from({ length: 8 }, () => withdraw(key)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
    expect(await checkDispensedIsPaid()).toBe(10_000);
  });
});
