import type { Answer } from '../test/shop-client';
import { startSouk, type SoukSystem } from '../test/souk-system';
import {
  openAccounts,
  performOperation,
  sampleOperations,
  type Account,
  type Operation,
} from '../test/wallet-operations';

const MINUTE_MS = 60_000;
const CLIENTS = 32;
const OPERATIONS = 10_000;
const WALLETS = 12;
/** Number of answered operations between two kills of the wallet. */
const KILL_EVERY = 1_500;

let souk: SoukSystem;
let accounts: Account[];

beforeAll(async () => {
  souk = await startSouk();
  accounts = await openAccounts(souk, WALLETS);
}, 3 * MINUTE_MS);

afterAll(() => souk.down(), MINUTE_MS);

const transactionOf = ({ body }: Answer) => String(body['transaction_id'] ?? body['id']);

test(
  '32 clients make 10,000 random operations while the wallet is killed repeatedly: each confirmed operation is recorded once, and the audit finds no broken promise',
  async () => {
    const remaining = sampleOperations(OPERATIONS, WALLETS);
    const answers: { operation: Operation; answer: Answer }[] = [];
    const kills: Promise<void>[] = [];
    const client = async () => {
      for (let operation = remaining.pop(); operation; operation = remaining.pop()) {
        if (answers.push({ operation, answer: await performOperation(souk, accounts, operation) }) % KILL_EVERY === 0)
          kills.push(souk.kill('wallet-api'));
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await Promise.all(kills);
    expect(kills).toHaveLength(Math.floor(OPERATIONS / KILL_EVERY));
    await souk.healthy();

    expect(answers).toHaveLength(OPERATIONS);
    const refused = answers.filter(({ answer }) => answer.status !== 200);
    // The only reason for refusals is insufficient funds, and it does occur.
    expect(new Set(refused.map(({ answer }) => `${answer.status} ${String(answer.body['code'])}`))).toEqual(
      new Set(['400 INSUFFICIENT_FUNDS']),
    );
    const confirmed = answers.filter(({ answer }) => answer.status === 200);
    const ids = confirmed.map(({ answer }) => transactionOf(answer));
    expect(new Set(ids).size).toBe(ids.length);

    // The ledger has exactly the confirmed operations, each with its amount, plus the opening balance of each account.
    const rows = await souk.rows<{ id: string; amount: number | string }>(
      "SELECT t.id, MAX(p.amount) AS amount FROM wallet.`transaction` t JOIN wallet.posting p ON p.transaction_id = t.id WHERE t.status = 'completed' GROUP BY t.id",
    );
    const amounts = new Map(rows.map(({ id, amount }) => [id, Number(amount)]));
    for (const { operation, answer } of confirmed) {
      expect([transactionOf(answer), amounts.get(transactionOf(answer))]).toEqual([
        transactionOf(answer),
        operation.cents,
      ]);
    }
    expect(amounts.size).toBe(confirmed.length + WALLETS);
    const [failed] = await souk.rows<{ count: number }>(
      "SELECT COUNT(*) AS count FROM wallet.`transaction` WHERE status = 'failed'",
    );
    expect(Number(failed!.count)).toBe(refused.length);
    expect(await souk.audit()).toEqual([]);
  },
  10 * MINUTE_MS,
);
