import { digestOf } from '@souk/service';
import { createTestDatabase, problem, type Reply, type TestDatabase } from '@souk/testing';
import { randomUUID } from 'node:crypto';
import { askWallet, openTestAccount, type AskWallet } from '../test/ask-test-wallet';
import { brokenPromises, startTestWallet, type TestWallet } from '../test/start-test-wallet';

let database: TestDatabase;
let replicas: [TestWallet, TestWallet];
let ask: AskWallet;
let askOtherReplica: AskWallet;

beforeAll(async () => {
  database = await createTestDatabase('contract_keys');
  replicas = await Promise.all([startTestWallet(database), startTestWallet(database)]);
  [ask, askOtherReplica] = [askWallet(replicas[0].url), askWallet(replicas[1].url)];
});

afterAll(async () => {
  expect(await brokenPromises(database)).toEqual({});
  await Promise.all(replicas.map((replica) => replica.stop()));
  await database.drop();
});

type TestAccount = Awaited<ReturnType<typeof openTestAccount>>;
type Post = [call: `POST /${string}`, body?: Record<string, unknown>];

/** A request for every POST route, with an amount where the route takes one. */
const POSTS: Record<string, (account: TestAccount, otherAccount: TestAccount, amount: string) => Post> = {
  credit: ({ accountId }, _, amount) => ['POST /transactions/credit', { account_id: accountId, amount }],
  debit: ({ accountId }, _, amount) => ['POST /transactions/debit', { account_id: accountId, amount }],
  replenish: ({ walletId }, _, amount) => [`POST /wallets/${walletId}/replenish`, { amount }],
  transfer: ({ walletId }, otherAccount, amount) => [
    'POST /transfers',
    { from_wallet_id: walletId, to_wallet_id: otherAccount.walletId, amount },
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
/** The sign of each request's effect on the caller's balance. The other requests have none. */
const SIGN: Record<string, bigint> = {
  credit: 1n,
  debit: -1n,
  replenish: 1n,
  transfer: -1n,
  deposit: 1n,
  withdraw: -1n,
};

const isReplay = ({ headers }: Reply) => headers.get('idempotency-replayed');
const balanceOf = async ({ accountId }: TestAccount) =>
  (await ask(`GET /accounts/${accountId}/balance`)).body['amount'];
const mismatch = problem(422, 'IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used with another body');

describe.each(Object.keys(POSTS))('%s', (name) => {
  it('answers a repeat with the first answer, byte for byte, from any replica and without a second effect', async () => {
    const [account, otherAccount, key] = [await openTestAccount(ask, '100'), await openTestAccount(ask), randomUUID()];
    const [call, body] = POSTS[name]!(account, otherAccount, '5');
    const first = await ask(call, { body, key });
    expect([first.status, isReplay(first)]).toEqual([200, null]);
    const reordered = body && JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 2);
    for (const [send, request] of [
      [askOtherReplica, { body, key }],
      [ask, { body: reordered, key: `"${key}"` }],
    ] as const) {
      const repeat = await send(call, request);
      expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([200, first.text, 'true']);
    }
    expect(await balanceOf(account)).toBe(`${100n + 5n * (SIGN[name] ?? 0n)}.00`);
  });

  it('joins simultaneous repeats to the first', async () => {
    const [account, otherAccount, key] = [await openTestAccount(ask, '100'), await openTestAccount(ask), randomUUID()];
    const [call, body] = POSTS[name]!(account, otherAccount, '5');
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? ask : askOtherReplica)(call, { body, key })),
    );
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies.filter((reply) => isReplay(reply) === null)).toHaveLength(1);
    expect(replies[0]!.status).toBe(200);
    expect(await balanceOf(account)).toBe(`${100n + 5n * (SIGN[name] ?? 0n)}.00`);
  });

  it('refuses the key with another body, and once its answer is no longer kept', async () => {
    const [account, otherAccount, key] = [await openTestAccount(ask, '100'), await openTestAccount(ask), randomUUID()];
    const [call, body] = POSTS[name]!(account, otherAccount, '5');
    await ask(call, { body, key });
    for (const altered of body ? [{ ...body, note: 'x' }, POSTS[name]!(account, otherAccount, '5.0')[1]] : []) {
      const refused = await askOtherReplica(call, { body: altered, key });
      expect([refused.status, refused.body, isReplay(refused)]).toEqual([422, mismatch, null]);
    }
    await database.rows('UPDATE idempotency SET created_at = NOW(3) - INTERVAL 25 HOUR');
    const expired = await ask(call, { body, key });
    expect([expired.status, expired.body]).toEqual([
      409,
      problem(409, 'IDEMPOTENCY_EXPIRED', expect.stringContaining('nothing was done')),
    ]);
    expect(isReplay(expired)).toBeNull();
  });
});

describe('a refusal', () => {
  it.each(['debit', 'transfer', 'withdraw'])(
    'of a %s is replayed, even if there is enough money by now',
    async (name) => {
      const [account, otherAccount, key] = [await openTestAccount(ask), await openTestAccount(ask), randomUUID()];
      const [call, body] = POSTS[name]!(account, otherAccount, '5');
      const first = await ask(call, { body, key });
      expect([first.status, isReplay(first)]).toEqual([400, null]);
      await ask('POST /transactions/credit', { body: { account_id: account.accountId, amount: '100' } });
      const repeat = await askOtherReplica(call, { body, key });
      expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([400, first.text, 'true']);
      expect(repeat.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  it('for a missing account or wallet, a full wallet or a taken reference is replayed', async () => {
    const { reference, walletId } = await openTestAccount(ask, '89999999999999999.91');
    for (const [call, body, status] of [
      ['POST /transactions/credit', { account_id: randomUUID(), amount: 1 }, 404],
      [`POST /wallets/${randomUUID()}/replenish`, { amount: 1 }, 404],
      [`POST /wallets/${walletId}/replenish`, { amount: 1 }, 422],
      ['POST /accounts', { reference }, 409],
    ] as const) {
      const key = randomUUID();
      const first = await ask(call, { body, key });
      const repeat = await askOtherReplica(call, { body, key });
      expect([first.status, isReplay(first)]).toEqual([status, null]);
      expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([status, first.text, 'true']);
    }
  });

  it('of an invalid request is not stored: the key stays free', async () => {
    const [account, key] = [await openTestAccount(ask), randomUUID()];
    const credit = (amount: string) =>
      ask('POST /transactions/credit', { body: { account_id: account.accountId, amount }, key });
    expect((await credit('0')).status).toBe(422);
    const validReply = await credit('1');
    expect([validReply.status, isReplay(validReply)]).toEqual([200, null]);
  });
});

it('a key belongs to the party that the request acts for and to its operation', async () => {
  const [account, otherAccount, key] = [
    await openTestAccount(ask, '10'),
    await openTestAccount(ask, '10'),
    randomUUID(),
  ];
  for (const [call, body] of [
    POSTS['debit']!(account, otherAccount, '1'),
    POSTS['debit']!(otherAccount, account, '1'),
    POSTS['credit']!(account, otherAccount, '1'),
    POSTS['transfer']!(account, otherAccount, '1'),
    POSTS['replenish']!(account, otherAccount, '1'),
    POSTS['replenish']!(otherAccount, account, '1'),
    POSTS['open a wallet']!(account, otherAccount, '1'),
  ]) {
    expect([call, isReplay(await ask(call, { body, key }))]).toEqual([call, null]);
  }
  expect([await balanceOf(account), await balanceOf(otherAccount)]).toEqual(['10.00', '11.00']);
});

describe('adding an API key to a repeat, or dropping it,', () => {
  const ADMIN_API_KEY = 'secret';
  let protectedWallet: TestWallet;
  let askProtected: AskWallet;
  const withAdminKey = { adminKey: ADMIN_API_KEY };

  beforeAll(async () => {
    protectedWallet = await startTestWallet(database, { ADMIN_API_KEY });
    askProtected = askWallet(protectedWallet.url);
  });
  afterAll(() => protectedWallet.stop());

  it.each(Object.keys(POSTS))('causes no second effect: %s', async (name) => {
    const [account, otherAccount] = [await openTestAccount(ask, '100'), await openTestAccount(ask)];
    const withoutKey = ask;
    const withKey: AskWallet = (call, sent) => askProtected(call, { ...sent, ...withAdminKey });
    for (const [index, [first, again]] of [[withoutKey, withKey] as const, [withKey, withoutKey] as const].entries()) {
      const key = randomUUID();
      const [call, body] = POSTS[name]!({ ...account, reference: `${account.reference} ${index}` }, otherAccount, '5');
      const reply = await first(call, { body, key });
      const repeat = await again(call, { body, key });
      expect([reply.status, isReplay(reply)]).toEqual([200, null]);
      expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([200, reply.text, 'true']);
    }
    expect(await balanceOf(account)).toBe(`${100n + 2n * 5n * (SIGN[name] ?? 0n)}.00`);
  });

  it.each(['debit', 'transfer', 'withdraw'])(
    'causes no second effect on a service with an API key, and the actor is the first caller: %s',
    async (name) => {
      const [account, otherAccount, key] = [
        await openTestAccount(ask, '100'),
        await openTestAccount(ask),
        randomUUID(),
      ];
      const [call, body] = POSTS[name]!(account, otherAccount, '5');
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) => askProtected(call, { body, key, ...(index % 2 ? withAdminKey : {}) })),
      );
      expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(replies.filter((reply) => isReplay(reply) === null)).toHaveLength(1);
      expect(await balanceOf(account)).toBe('95.00');
      const [{ actor } = { actor: '' }] = await database.rows<{ actor: string }>(
        `SELECT t.actor FROM \`transaction\` t JOIN posting p ON p.transaction_id = t.id
          WHERE p.wallet_id = ? AND p.amount < 0`,
        [account.walletId],
      );
      expect(['admin-key', `account:${account.accountId}`, `wallet:${account.walletId}`]).toContain(actor);
    },
  );

  it('leaves the same idempotency key free for other wallets or accounts', async () => {
    const [account, otherAccount, key] = [await openTestAccount(ask), await openTestAccount(ask), randomUUID()];
    for (const { walletId, accountId } of [account, otherAccount]) {
      for (const [call, body] of [
        [`POST /wallets/${walletId}/replenish`, { amount: 1 }],
        ['POST /transactions/credit', { account_id: accountId, amount: 1 }],
      ] as const) {
        expect(isReplay(await askProtected(call, { body, key, ...withAdminKey }))).toBeNull();
        expect(isReplay(await askProtected(call, { body, key, ...withAdminKey }))).toBe('true');
      }
    }
    expect([await balanceOf(account), await balanceOf(otherAccount)]).toEqual(['2.00', '2.00']);
  });

  /** The operations and callers in an earlier release's scopes. */
  const OLD_SCOPES: Record<
    string,
    [operation: (account: TestAccount) => string, caller: (account: TestAccount) => string]
  > = {
    credit: [() => 'credit', ({ accountId }) => `account:${accountId}`],
    debit: [() => 'debit', ({ accountId }) => `account:${accountId}`],
    replenish: [({ walletId }) => `replenish ${walletId}`, ({ walletId }) => `wallet:${walletId}`],
    transfer: [() => 'transfer', ({ walletId }) => `wallet:${walletId}`],
    deposit: [({ walletId }) => `walletOperation ${walletId}`, ({ walletId }) => `wallet:${walletId}`],
    withdraw: [({ walletId }) => `walletOperation ${walletId}`, ({ walletId }) => `wallet:${walletId}`],
    'open an account': [() => 'createAccount', () => 'nobody'],
    'open a wallet': [() => 'createWallet', () => 'nobody'],
  };

  it.each(Object.keys(OLD_SCOPES).flatMap((name) => [true, false].map((hadKey) => [name, hadKey] as const)))(
    'makes no difference to a key that an earlier release stored: %s (with an API key: %s)',
    async (name, hadKey) => {
      const [account, otherAccount, key] = [
        await openTestAccount(ask, '100'),
        await openTestAccount(ask),
        randomUUID(),
      ];
      const [call, body] = POSTS[name]!(account, otherAccount, '5');
      const first = await ask(call, { body, key });
      const [operation, caller] = OLD_SCOPES[name]!;
      const oldId = digestOf(hadKey ? 'admin-key' : caller(account), operation(account), key).toString('hex');
      const [{ id } = { id: '' }] = await database.rows<{ id: string }>(
        'SELECT id FROM idempotency WHERE scope_id IS NULL ORDER BY created_at DESC LIMIT 1',
      );
      await database.rows('DELETE FROM idempotency WHERE scope_id = ?', [id]);
      await database.rows('UPDATE idempotency SET id = ? WHERE id = ?', [oldId, id]);
      for (const adminKey of [undefined, ADMIN_API_KEY, undefined]) {
        const repeat = await (adminKey ? askProtected : ask)(call, { body, key, adminKey });
        expect([repeat.status, repeat.text, isReplay(repeat)]).toEqual([200, first.text, 'true']);
      }
      expect(await balanceOf(account)).toBe(`${100n + 5n * (SIGN[name] ?? 0n)}.00`);
    },
  );
});

describe('a request that acts for no party', () => {
  const CALLS = [
    ['POST /accounts', { name: 'Ada' }],
    ['POST /accounts', { initial_balance: '1' }],
    ['POST /api/v1/wallets/', undefined],
  ] as const;

  it.each(CALLS)('needs a long key: %s %j', async (call, body) => {
    const key = randomUUID().slice(0, 16);
    for (const shortKey of [key.slice(1), `"${key.slice(1)}"`]) {
      const refused = await ask(call, { body, key: shortKey });
      expect([refused.status, refused.body['code'], refused.body['detail']]).toEqual([
        400,
        'INVALID_REQUEST',
        'Idempotency-Key must have at least 16 characters, because the request names no account, wallet or reference',
      ]);
    }
    expect(isReplay(await ask(call, { body, key }))).toBeNull();
    expect(isReplay(await askOtherReplica(call, { body, key: `"${key}"` }))).toBe('true');
  });

  it('does not share its key with a request that acts for a party', async () => {
    const [key, reference] = [randomUUID(), randomUUID()];
    for (const body of [{ name: 'Ada' }, { name: 'Ada', reference }, { name: 'Ada', reference: `${reference} 2` }]) {
      const reply = await ask('POST /accounts', { body, key });
      expect([reply.status, isReplay(reply)]).toEqual([200, null]);
    }
  });

  it('is the only kind that needs a long key: with a reference, a short key is enough', async () => {
    const body = { reference: randomUUID() };
    expect((await ask('POST /accounts', { body, key: 'k' })).status).toBe(200);
    expect(isReplay(await ask('POST /accounts', { body, key: 'k' }))).toBe('true');
    const otherReply = await ask('POST /accounts', { body: { reference: randomUUID() }, key: 'k' });
    expect([otherReply.status, isReplay(otherReply)]).toEqual([200, null]);
  });
});
