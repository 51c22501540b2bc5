import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { testOrigin, newAccount, startTestWallet, type TestWallet } from '../../test/start-test-wallet';
import { credit } from '../transactions/external-transactions';
import { transfer } from '../transactions/transfer';

let database: TestDatabase;
let wallet: TestWallet;

beforeAll(async () => {
  database = await createTestDatabase('event_rpc');
  wallet = await startTestWallet(database);
});

afterAll(async () => {
  await wallet.stop();
  await database.drop();
});

async function accountWithEvents(count: number): Promise<string> {
  const { accountId } = await newAccount(wallet);
  for (let i = 0; i < count; i++) await credit(wallet.lane, { accountId, amount: 1n, ...testOrigin() });
  return accountId;
}

const sequencesOf = (accountId: string, events: { entries: { accountId: string; sequence: number }[] }[]) =>
  events
    .flatMap(({ entries }) => entries.filter((entry) => entry.accountId === accountId))
    .map((entry) => entry.sequence);

const lastPosition = async () => (await wallet.events.listEvents({ afterPosition: 0, limit: 1 })).lastPosition;

describe('GetEvents', () => {
  it('returns the events after each cursor and none before it', async () => {
    const [accountId, otherAccountId] = [await accountWithEvents(4), await accountWithEvents(3)];
    const accounts = [
      { accountId: otherAccountId, after: 0 },
      { accountId: accountId, after: 2 },
      { accountId: 'nobody', after: 0 },
    ];
    const { events, hasMore } = await wallet.events.getEvents({ accounts });
    expect(sequencesOf(accountId, events)).toEqual([3, 4]);
    expect(sequencesOf(otherAccountId, events)).toEqual([1, 2, 3]);
    expect(hasMore).toBe(false);
  });

  it('omits nothing when the limit cuts the answer short: the next call returns what follows', async () => {
    const ids = [await accountWithEvents(3), await accountWithEvents(3), await accountWithEvents(3)];
    const lastSequences = new Map(ids.map((id) => [id, 0]));
    const pages: number[] = [];
    for (let isDone = false; !isDone;) {
      const accounts = [...lastSequences].map(([accountId, after]) => ({ accountId, after }));
      const { events, hasMore } = await wallet.events.getEvents({ accounts, limit: 2 });
      pages.push(events.length);
      for (const id of ids) {
        for (const sequence of sequencesOf(id, events)) {
          expect(sequence).toBe(lastSequences.get(id)! + 1);
          lastSequences.set(id, sequence);
        }
      }
      isDone = !hasMore;
    }
    expect([...lastSequences.values()]).toEqual([3, 3, 3]);
    expect(pages).toEqual([2, 2, 2, 2, 1]);
  });

  it('returns an event of two accounts once, with the contents of its message', async () => {
    const [from, to] = [await newAccount(wallet, 500n), await newAccount(wallet)];
    const refused = await transfer(wallet.lane, {
      fromWalletId: from.walletId,
      toWalletId: to.walletId,
      amount: 1_250n,
      ...testOrigin(),
    });
    expect(refused).toMatchObject({ ok: false, code: 'INSUFFICIENT_FUNDS' });
    const accounts = [from, to].map(({ accountId }) => ({ accountId, after: 0 }));
    const { events } = await wallet.events.getEvents({ accounts });
    const [row] = await database.rows<{ id: string; position: number; transaction_id: string }>(
      'SELECT id, position, transaction_id FROM event ORDER BY position DESC LIMIT 1',
    );
    expect(events.at(-1)).toEqual({
      id: row!.id,
      position: row!.position,
      type: 'transactions.failed',
      transactionId: row!.transaction_id,
      transactionType: 'transfer',
      status: 'failed',
      reason: 'INSUFFICIENT_FUNDS',
      entries: [
        { accountId: from.accountId, sequence: 2, amount: '-12.50', currency: 'USD' },
        { accountId: to.accountId, sequence: 1, amount: '12.50', currency: 'USD' },
      ],
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      orderId: '',
      withdrawalId: '',
    });
    expect(events.filter(({ id }) => id === row!.id)).toHaveLength(1);
  });

  it.each([
    ['an account twice', { accounts: [{ accountId: 'a' }, { accountId: 'a' }] }],
    ['an empty account id', { accounts: [{ accountId: '' }] }],
    ['a negative sequence', { accounts: [{ accountId: 'a', after: -1 }] }],
    ['a limit above 1,000', { accounts: [], limit: 1_001 }],
  ])('refuses %s', async (_what, request) => {
    await expect(wallet.events.getEvents(request)).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('ListEvents', () => {
  it('pages through all events by position, and returns the last position', async () => {
    const startPosition = await lastPosition();
    await accountWithEvents(5);
    const positions: number[] = [];
    let page;
    do {
      page = await wallet.events.listEvents({ afterPosition: positions.at(-1) ?? startPosition, limit: 2 });
      positions.push(...page.events.map(({ position }) => position));
      expect(page.lastPosition).toBe(await lastPosition());
    } while (page.events.length > 0);
    const rows = await database.rows<{ position: number }>(
      'SELECT position FROM event WHERE position > ? ORDER BY position',
      [startPosition],
    );
    expect(positions).toEqual(rows.map((row) => row.position));
    expect(positions).toHaveLength(5);
  });
});

describe('ListHeads', () => {
  const makeOld = (condition: string, value: unknown) =>
    database.rows(`UPDATE event SET created_at = created_at - INTERVAL 3 MINUTE WHERE ${condition} ?`, [value]);

  it('returns the highest sequence of each account after the position, page by page', async () => {
    await accountWithEvents(1);
    const startPosition = await lastPosition();
    const [accountId, otherAccountId] = [await accountWithEvents(3), await accountWithEvents(2)];
    const first = await wallet.events.listHeads({ afterPosition: startPosition, limit: 4 });
    expect(first.heads).toEqual([
      { accountId: accountId, sequence: 3 },
      { accountId: otherAccountId, sequence: 1 },
    ]);
    expect(first).toMatchObject({ isEnd: false });
    const second = await wallet.events.listHeads({ afterPosition: first.nextPosition, limit: 4 });
    expect(second).toMatchObject({ heads: [{ accountId: otherAccountId, sequence: 2 }], isEnd: true });
    expect(second.nextPosition).toBe(await lastPosition());
  });

  it('returns as safe the last position up to which all events are old', async () => {
    const startPosition = await lastPosition();
    await accountWithEvents(6);
    const rows = await database.rows<{ position: number }>('SELECT position FROM event WHERE position > ?', [
      startPosition,
    ]);
    const positions = rows.map((row) => row.position);
    expect(await wallet.events.listHeads({ afterPosition: startPosition })).toMatchObject({
      safePosition: startPosition,
    });
    for (const old of [0, 1, 3]) await makeOld('position =', positions[old]);
    expect(await wallet.events.listHeads({ afterPosition: startPosition })).toMatchObject({
      safePosition: positions[1],
    });
    await makeOld('position >=', positions[2]);
    expect(await wallet.events.listHeads({ afterPosition: startPosition })).toMatchObject({
      safePosition: positions[5],
    });
  });
});

it('both services report their health, each under its own name', async () => {
  await expect(wallet.events.ping()).resolves.toBeUndefined();
  await expect(wallet.payments.ping()).resolves.toBeUndefined();
});
