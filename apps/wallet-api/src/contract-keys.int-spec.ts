import { createTestDatabase, problem, type Reply, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askWallet, opened, type AskWallet } from './ask-test-wallet';
import { brokenPromises, startTestWallet, type TestWallet } from './start-test-wallet';

let database: TestDatabase;
let replicas: [TestWallet, TestWallet];
let ask: AskWallet;
let askOther: AskWallet;

beforeAll(async () => {
  database = await createTestDatabase('contract_keys');
  replicas = await Promise.all([startTestWallet(database), startTestWallet(database)]);
  [ask, askOther] = [askWallet(replicas[0].url), askWallet(replicas[1].url)];
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await Promise.all(replicas.map((replica) => replica.stop()));
  await database.drop();
});

type Opened = Awaited<ReturnType<typeof opened>>;
type Post = [call: `POST /${string}`, body?: Record<string, unknown>];

/** Every POST, with an amount. */
const POSTS: Record<string, (one: Opened, other: Opened, amount: string) => Post> = {
  credit: ({ accountId }, _, amount) => ['POST /transactions/credit', { account_id: accountId, amount }],
  debit: ({ accountId }, _, amount) => ['POST /transactions/debit', { account_id: accountId, amount }],
  replenish: ({ walletId }, _, amount) => [`POST /wallets/${walletId}/replenish`, { amount }],
  transfer: ({ walletId }, other, amount) => [
    'POST /transfers',
    { from_wallet_id: walletId, to_wallet_id: other.walletId, amount },
  ],
  deposit: ({ walletId }, _, amount) => operation(walletId, 'DEPOSIT', amount),
  withdraw: ({ walletId }, _, amount) => operation(walletId, 'WITHDRAW', amount),
  'open an account': ({ reference }, _, amount) => [
    'POST /accounts',
    { reference: `${reference} again`, initial_balance: amount },
  ],
  'open a wallet': () => ['POST /api/v1/wallets/'],
};
const operation = (walletId: string, operation_type: string, amount: string): Post => [
  `POST /api/v1/wallets/${walletId}/operation`,
  { operation_type, amount },
];
/** What the effect on the balance of the one that asks is, where there is one. */
const SIGN: Record<string, bigint> = {
  credit: 1n,
  debit: -1n,
  replenish: 1n,
  transfer: -1n,
  deposit: 1n,
  withdraw: -1n,
};

const isReplay = ({ headers }: Reply) => headers.get('idempotency-replayed');
const balanceOf = async ({ accountId }: Opened) => (await ask(`GET /accounts/${accountId}/balance`)).body['amount'];
const mismatch = problem(422, 'IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used with another body');

describe.each(Object.keys(POSTS))('%s', (name) => {
  it('answers a repeat with the first answer, byte for byte, from any replica, and does nothing again', async () => {
    const [one, other, key] = [await opened(ask, '100'), await opened(ask), randomUUID()];
    const [call, body] = POSTS[name]!(one, other, '5');
    const first = await ask(call, { body, key });
    expect([first.status, isReplay(first)]).toEqual([200, null]);
    const reordered = body && JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 2);
    for (const [asking, sent] of [
      [askOther, { body, key }],
      [ask, { body: reordered, key: `"${key}"` }],
    ] as const) {
      const repeat = await asking(call, sent);
      expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([200, first.text, 'true']);
    }
    expect(await balanceOf(one)).toBe(`${100n + 5n * (SIGN[name] ?? 0n)}.00`);
  });

  it('lets repeats that come at once join the first', async () => {
    const [one, other, key] = [await opened(ask, '100'), await opened(ask), randomUUID()];
    const [call, body] = POSTS[name]!(one, other, '5');
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? ask : askOther)(call, { body, key })),
    );
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies.filter((reply) => isReplay(reply) === null)).toHaveLength(1);
    expect(replies[0]!.status).toBe(200);
    expect(await balanceOf(one)).toBe(`${100n + 5n * (SIGN[name] ?? 0n)}.00`);
  });

  it('refuses the key with another body, and when its answer is no longer kept', async () => {
    const [one, other, key] = [await opened(ask, '100'), await opened(ask), randomUUID()];
    const [call, body] = POSTS[name]!(one, other, '5');
    await ask(call, { body, key });
    for (const altered of body ? [{ ...body, note: 'x' }, POSTS[name]!(one, other, '5.0')[1]] : []) {
      const refused = await askOther(call, { body: altered, key });
      expect([refused.status, refused.body, isReplay(refused)]).toEqual([422, mismatch, null]);
    }
    await database.rows('UPDATE idempotency SET created_at = NOW(3) - INTERVAL 25 HOUR');
    const late = await ask(call, { body, key });
    expect([late.status, late.body]).toEqual([
      409,
      problem(409, 'IDEMPOTENCY_EXPIRED', expect.stringContaining('nothing was done')),
    ]);
    expect(isReplay(late)).toBeNull();
  });
});

describe('a refusal', () => {
  it.each(['debit', 'transfer', 'withdraw'])(
    'of a %s replays, also when there would be enough by now',
    async (name) => {
      const [one, other, key] = [await opened(ask), await opened(ask), randomUUID()];
      const [call, body] = POSTS[name]!(one, other, '5');
      const first = await ask(call, { body, key });
      expect([first.status, isReplay(first)]).toEqual([400, null]);
      await ask('POST /transactions/credit', { body: { account_id: one.accountId, amount: '100' } });
      const repeat = await askOther(call, { body, key });
      expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([400, first.text, 'true']);
      expect(repeat.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  it('of what is not there, of what is full and of what is taken replays', async () => {
    const { reference, walletId } = await opened(ask, '89999999999999999.91');
    for (const [call, body, status] of [
      ['POST /transactions/credit', { account_id: randomUUID(), amount: 1 }, 404],
      [`POST /wallets/${randomUUID()}/replenish`, { amount: 1 }, 404],
      [`POST /wallets/${walletId}/replenish`, { amount: 1 }, 422],
      ['POST /accounts', { reference }, 409],
    ] as const) {
      const key = randomUUID();
      const first = await ask(call, { body, key });
      const repeat = await askOther(call, { body, key });
      expect([first.status, isReplay(first)]).toEqual([status, null]);
      expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([status, first.text, 'true']);
    }
  });

  it('for a fault in the request is not kept: the key is free', async () => {
    const [one, key] = [await opened(ask), randomUUID()];
    const credit = (amount: string) =>
      ask('POST /transactions/credit', { body: { account_id: one.accountId, amount }, key });
    expect((await credit('0')).status).toBe(422);
    const good = await credit('1');
    expect([good.status, isReplay(good)]).toEqual([200, null]);
  });
});

it('a key belongs to whom it acts for, and to its route', async () => {
  const [one, other, key] = [await opened(ask, '10'), await opened(ask, '10'), randomUUID()];
  for (const [call, body] of [
    POSTS['debit']!(one, other, '1'),
    POSTS['debit']!(other, one, '1'),
    POSTS['credit']!(one, other, '1'),
    POSTS['transfer']!(one, other, '1'),
    POSTS['replenish']!(one, other, '1'),
    POSTS['replenish']!(other, one, '1'),
    POSTS['open a wallet']!(one, other, '1'),
  ]) {
    expect([call, isReplay(await ask(call, { body, key }))]).toEqual([call, null]);
  }
  expect([await balanceOf(one), await balanceOf(other)]).toEqual(['10.00', '11.00']);
});

it('who holds the admin key may use one key for one wallet after another, and is told apart from who does not', async () => {
  const guarded = await startTestWallet(database, { ADMIN_API_KEY: 'secret' });
  const asking = askWallet(guarded.url);
  const [one, other, key] = [await opened(asking, '0', 'secret'), await opened(asking, '0', 'secret'), randomUUID()];
  for (const { walletId } of [one, other]) {
    const admin = { body: { amount: 1 }, key, adminKey: 'secret' };
    expect(isReplay(await asking(`POST /wallets/${walletId}/replenish`, admin))).toBeNull();
    expect(isReplay(await asking(`POST /wallets/${walletId}/replenish`, admin))).toBe('true');
  }
  const debit = { body: { account_id: one.accountId, amount: '0.25' }, key };
  expect(isReplay(await asking('POST /transactions/debit', debit))).toBeNull();
  expect(isReplay(await asking('POST /transactions/debit', { ...debit, adminKey: 'secret' }))).toBeNull();
  expect([await balanceOf(one), await balanceOf(other)]).toEqual(['0.50', '1.00']);
  const rows = await database.rows<{ actor: string }>(
    "SELECT actor FROM `transaction` WHERE type = 'debit' AND id IN (SELECT transaction_id FROM posting WHERE wallet_id = ?)",
    [one.walletId],
  );
  expect(rows.map(({ actor }) => actor).sort()).toEqual([`account:${one.accountId}`, 'admin-key']);
  await guarded.stop();
});
