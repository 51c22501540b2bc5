import { eventually, type Ask } from '@souk/testing';
import { askAtm, readWholeJournal } from '../test/ask-test-atm';
import { startFakeWallet, type FakeWallet } from '../test/start-fake-wallet';
import { createTestStorage, startTestAtm, STORE_KINDS, type TestAtm, type TestStorage } from '../test/start-test-atm';

const LIMITS = { amount_max: 2000, coins_max: 50 };
const machines = (bills: object, coins: object) => JSON.stringify({ main: { bills, coins, ...LIMITS } });
const BEFORE = machines({ '100': 5, '20': 5 }, { '10': 5, '0.1': 5, '0.01': 5 });
/** The 10 is a bill now; none of the other denominations remains. */
const AFTER = machines({ '50': 5, '10': 5 }, { '5': 5 });
const [CASH, FROM_ACCOUNT] = [{ amount: 130.31 }, { amount: 130.31, account_id: 'ann' }];
const DISPENSED = '{"requested_amount":130.31,"withdrawal":{"BILL":{"20":1,"100":1},"COIN":{"10":1,"0.1":3,"0.01":1}}}';

const KEY = 'the-key-of-a-stranger';

describe.each(STORE_KINDS)('a machine restarted with other denominations (%s store)', (kind) => {
  let storage: TestStorage;
  let wallet: FakeWallet;
  let atm: TestAtm;
  let ask: Ask;

  const start = async (settings: string) => {
    const walletSettings = { WALLET_ADDRESS: wallet.address, PAYMENT_TIMEOUT_MS: '300' };
    atm = await startTestAtm(storage, { ATM_MACHINES: settings, ...walletSettings });
    ask = askAtm(atm.url);
  };
  beforeEach(async () => {
    storage = createTestStorage(kind);
    wallet = await startFakeWallet();
    await start(BEFORE);
  });
  afterEach(async () => {
    await atm.stop();
    await wallet.stop();
    storage.remove();
  });

  const replyTo = async (body: object) => {
    const { status, text, headers } = await ask('POST /atm/withdrawal', { body, key: KEY });
    return [status, text, headers.get('idempotency-replayed')];
  };

  it('replays a stored response verbatim and reports its stock in the new denominations', async () => {
    expect(await replyTo(CASH)).toEqual([200, DISPENSED, null]);
    await atm.stop();
    await start(AFTER);
    expect(await replyTo(CASH)).toEqual([200, DISPENSED, 'true']);
    expect((await ask('GET /atm/inventory')).body).toEqual({ result: { bills: { '10': 4 }, coins: {} } });
    expect((await ask('GET /atm/total')).body).toEqual({ total: 40 });
  });

  it('settles a withdrawal that was open and replies with all of its pieces', async () => {
    wallet.faults = ['late'];
    expect((await ask('POST /atm/withdrawal', { body: FROM_ACCOUNT, key: KEY })).status).toBe(504);
    await atm.stop();
    await start(AFTER);
    await eventually(async () => expect((await readWholeJournal(ask)).at(-1)!.status).toBe('dispensed'), 25_000);
    expect(await replyTo(FROM_ACCOUNT)).toEqual([200, DISPENSED, 'true']);
  });
});
