import { formatAmount } from '@souk/money';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './shop-client';
import type { SoukSystem } from './souk-system';

const SEED = 20_261_121;
const RETRY_MS = 50;

/** An operation of a client; `from` and `to` are indexes of wallets. */
export type Operation = { from: number; to: number; cents: number } & {
  kind: 'transfer' | 'replenish' | 'deposit' | 'withdraw' | 'credit' | 'debit';
};

export interface Account {
  id: string;
  wallet: { id: string };
}

/** Opens accounts with 50.00 each. */
export function openAccounts(souk: SoukSystem, count: number): Promise<Account[]> {
  const open = async () => {
    const { body } = await souk.sendToWallet('POST', '/accounts', { initial_balance: '50.00' });
    return body as unknown as Account;
  };
  return Promise.all(Array.from({ length: count }, open));
}

/** @returns random operations on the given number of wallets, the same in every run */
export function sampleOperations(count: number, wallets: number): Operation[] {
  const wallet = fc.nat(wallets - 1);
  const operation = fc.record({
    kind: fc.constantFrom('transfer', 'replenish', 'deposit', 'withdraw', 'credit', 'debit'),
    from: wallet,
    to: wallet,
    cents: fc.integer({ min: 1, max: 4_000 }),
  });
  return fc.sample(operation, { numRuns: count, seed: SEED });
}

function requestOf(
  accounts: readonly Account[],
  { kind, from, to, cents }: Operation,
): [path: string, body: Record<string, unknown>] {
  const [account, receiver] = [accounts[from]!, accounts[to === from ? (to + 1) % accounts.length : to]!];
  const amount = formatAmount(BigInt(cents));
  switch (kind) {
    case 'transfer':
      return ['/transfers', { from_wallet_id: account.wallet.id, to_wallet_id: receiver.wallet.id, amount }];
    case 'replenish':
      return [`/wallets/${account.wallet.id}/replenish`, { amount }];
    case 'deposit':
      return [`/api/v1/wallets/${account.wallet.id}/operation`, { operation_type: 'DEPOSIT', amount }];
    case 'withdraw':
      return [`/api/v1/wallets/${account.wallet.id}/operation`, { operation_type: 'WITHDRAW', amount }];
    case 'credit':
    case 'debit':
      return [`/transactions/${kind}`, { account_id: account.id, amount }];
  }
}

/** Sends an operation with the same idempotency key until the reply is final. FAILED means that nothing was done, so it is retried. */
export async function performOperation(
  souk: SoukSystem,
  accounts: readonly Account[],
  operation: Operation,
): Promise<Answer> {
  const [path, body] = requestOf(accounts, operation);
  const headers = { 'idempotency-key': randomUUID() };
  for (;;) {
    const answer = await souk.sendToWallet('POST', path, body, headers).catch(() => undefined);
    const mustRetry = !answer || answer.status === 429 || answer.status >= 500 || answer.body['status'] === 'FAILED';
    if (!mustRetry) return answer;
    await delay(RETRY_MS);
  }
}
