import { formatAmount } from '@souk/money';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './shop-client';
import { startSouk, type SoukSystem } from './souk-system';

const MINUTE_MS = 60_000;
const SEED = 20_261_121;
const CLIENTS = 32;
const OPERATIONS = 10_000;
const WALLETS = 12;
/** The wallet is killed whenever so many more were answered. */
const KILL_EVERY = 1_500;
const RETRY_MS = 50;

/** What a client does, by the numbers of wallets. */
type Operation = { from: number; to: number; cents: number } & {
  kind: 'transfer' | 'replenish' | 'deposit' | 'withdraw' | 'credit' | 'debit';
};

interface Account {
  id: string;
  wallet: { id: string };
}

let souk: SoukSystem;
let accounts: Account[];

beforeAll(async () => {
  souk = await startSouk();
  const open = async () => {
    const { body } = await souk.sendToWallet('POST', '/accounts', { initial_balance: '50.00' });
    return body as unknown as Account;
  };
  accounts = await Promise.all(Array.from({ length: WALLETS }, open));
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

/** The operations of all clients: the same ones in every run. */
function operations(): Operation[] {
  const wallet = fc.nat(WALLETS - 1);
  const operation = fc.record({
    kind: fc.constantFrom('transfer', 'replenish', 'deposit', 'withdraw', 'credit', 'debit'),
    from: wallet,
    to: wallet,
    cents: fc.integer({ min: 1, max: 4_000 }),
  });
  return fc.sample(operation, { numRuns: OPERATIONS, seed: SEED });
}

function requestOf({ kind, from, to, cents }: Operation): [path: string, body: Record<string, unknown>] {
  const [one, other] = [accounts[from]!, accounts[to === from ? (to + 1) % WALLETS : to]!];
  const amount = formatAmount(BigInt(cents));
  switch (kind) {
    case 'transfer':
      return ['/transfers', { from_wallet_id: one.wallet.id, to_wallet_id: other.wallet.id, amount }];
    case 'replenish':
      return [`/wallets/${one.wallet.id}/replenish`, { amount }];
    case 'deposit':
      return [`/api/v1/wallets/${one.wallet.id}/operation`, { operation_type: 'DEPOSIT', amount }];
    case 'withdraw':
      return [`/api/v1/wallets/${one.wallet.id}/operation`, { operation_type: 'WITHDRAW', amount }];
    case 'credit':
    case 'debit':
      return [`/transactions/${kind}`, { account_id: one.id, amount }];
  }
}

/** Asks with one key until there is an answer that counts. An operation that FAILED was surely not done. */
async function answered(operation: Operation): Promise<Answer> {
  const [path, body] = requestOf(operation);
  const headers = { 'idempotency-key': randomUUID() };
  for (;;) {
    const answer = await souk.sendToWallet('POST', path, body, headers).catch(() => undefined);
    const isOpen = !answer || answer.status === 429 || answer.status >= 500 || answer.body['status'] === 'FAILED';
    if (!isOpen) return answer;
    await delay(RETRY_MS);
  }
}

const transactionOf = ({ body }: Answer) => String(body['transaction_id'] ?? body['id']);

test(
  '10,000 random operations of 32 clients, the wallet killed again and again: each answered one is there once, and the auditor finds nothing',
  async () => {
    const left = operations();
    const answers: { operation: Operation; answer: Answer }[] = [];
    const kills: Promise<void>[] = [];
    const client = async () => {
      for (let operation = left.pop(); operation; operation = left.pop()) {
        if (answers.push({ operation, answer: await answered(operation) }) % KILL_EVERY === 0)
          kills.push(souk.kill('wallet-api'));
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await Promise.all(kills);
    expect(kills).toHaveLength(Math.floor(OPERATIONS / KILL_EVERY));
    await souk.healthy();

    expect(answers).toHaveLength(OPERATIONS);
    const refused = answers.filter(({ answer }) => answer.status !== 200);
    // Only for want of money, and that does happen.
    expect(new Set(refused.map(({ answer }) => `${answer.status} ${String(answer.body['code'])}`))).toEqual(
      new Set(['400 INSUFFICIENT_FUNDS']),
    );
    const done = answers.filter(({ answer }) => answer.status === 200);
    const ids = done.map(({ answer }) => transactionOf(answer));
    expect(new Set(ids).size).toBe(ids.length);

    // Exactly those, besides the money that the accounts were opened with; each with its amount.
    const rows = await souk.rows<{ id: string; amount: number | string }>(
      "SELECT t.id, MAX(p.amount) AS amount FROM wallet.`transaction` t JOIN wallet.posting p ON p.transaction_id = t.id WHERE t.status = 'completed' GROUP BY t.id",
    );
    const found = new Map(rows.map(({ id, amount }) => [id, Number(amount)]));
    for (const { operation, answer } of done) {
      expect([transactionOf(answer), found.get(transactionOf(answer))]).toEqual([
        transactionOf(answer),
        operation.cents,
      ]);
    }
    expect(found.size).toBe(done.length + WALLETS);
    const [failed] = await souk.rows<{ count: number }>(
      "SELECT COUNT(*) AS count FROM wallet.`transaction` WHERE status = 'failed'",
    );
    expect(Number(failed!.count)).toBe(refused.length);
    expect(await souk.audit()).toEqual([]);
  },
  10 * MINUTE_MS,
);
