import { accountIdsOf } from '@souk/contracts';
import { CURRENCY, type Minor } from '@souk/money';
import assert from 'node:assert/strict';
import type { Answer, Answers, Changes, Command, CommandOf, Target, TransactionAnswer } from './commands';
import { cancel, charge } from './decide-payments';
import { beginDraft, changesOf, type Draft } from './draft';
import { BALANCE_MAX, type Account, type LedgerState, type Wallet } from './ledger-state';
import { postTransaction } from './post-transaction';

/**
 * Decides a batch: applies the commands to the ledger one after another. Each succeeds or is refused independently, and sees the
 * effects of those before it.
 *
 * Whatever the commands, the postings of a transaction sum to zero, no customer's wallet falls below zero, and every wallet has
 * room for all refunds that are still possible.
 * @returns one answer per command, in order, and the changes to write for all of them together
 */
export function decideLedger(
  state: LedgerState,
  commands: readonly Command[],
  newId: () => string,
): { answers: Answer[]; changes: Changes } {
  const draft = beginDraft(state, newId);
  const answers = commands.map((command) => decide(draft, command));
  const changes = changesOf(state, draft);
  assertMoneyAddsUp(state, draft);
  return { answers, changes };
}

function decide(draft: Draft, command: Command): Answer {
  switch (command.kind) {
    case 'open':
      return open(draft, command);
    case 'external':
      return postExternal(draft, command);
    case 'transfer':
      return transfer(draft, command);
    case 'charge':
      return charge(draft, command);
    case 'cancel':
      return cancel(draft, command);
  }
}

function open(draft: Draft, command: CommandOf<'open'>): Answers['open'] {
  const { role, name, reference, initialBalance, actor } = command;
  if (reference !== null && draft.walletOfReference.has(reference)) return { ok: false, code: 'REFERENCE_TAKEN' };
  if (initialBalance > BALANCE_MAX) return { ok: false, code: 'BALANCE_LIMIT' };

  const { accountId, walletId } =
    reference === null ? { accountId: draft.newId(), walletId: draft.newId() } : accountIdsOf(reference);
  const account = { id: accountId, name, reference, createdAt: draft.now };
  const wallet: Wallet = {
    id: walletId,
    accountId: account.id,
    amount: 0n,
    currency: CURRENCY,
    mayOverdraw: role === 'merchant',
    refundableIn: 0n,
    refundableOut: 0n,
    sequence: 0,
    createdAt: draft.now,
    updatedAt: draft.now,
  };
  draft.wallets.set(wallet.id, wallet);
  draft.walletOfAccount.set(account.id, wallet.id);
  if (reference !== null) draft.walletOfReference.set(reference, wallet.id);
  draft.openedAccounts.push({ account, role, wallet, actor });
  if (initialBalance > 0n) {
    const result = postTransaction(draft, command, { type: 'replenish', to: wallet, amount: initialBalance });
    assert(result.ok, 'the initial balance of a new wallet was refused');
  }
  return { ok: true, account: snapshotOf(account, wallet) };
}

/** A copy of the current state, because later commands of the batch change the draft's wallet. */
function snapshotOf(account: Omit<Account, 'wallet'>, { id, amount, currency, createdAt, updatedAt }: Wallet): Account {
  return { ...account, wallet: { id, amount, currency, createdAt, updatedAt } };
}

function postExternal(draft: Draft, command: CommandOf<'external'>): TransactionAnswer {
  const { type, target, amount } = command;
  const wallet = walletOf(draft, target);
  if (!wallet) return notFound(target);
  const isOutgoing = type === 'debit' || type === 'withdrawal';
  return postTransaction(draft, command, isOutgoing ? { type, from: wallet, amount } : { type, to: wallet, amount });
}

function transfer(draft: Draft, command: CommandOf<'transfer'>): TransactionAnswer {
  const { fromWalletId, toWalletId, amount } = command;
  const from = draft.wallets.get(fromWalletId);
  if (!from) return notFound({ walletId: fromWalletId });
  const to = draft.wallets.get(toWalletId);
  if (!to) return notFound({ walletId: toWalletId });
  assert(from !== to, 'the use case must refuse a transfer to the same wallet');
  return postTransaction(draft, command, { type: 'transfer', from, to, amount });
}

function walletOf(draft: Draft, target: Target): Wallet | undefined {
  const walletId = 'walletId' in target ? target.walletId : draft.walletOfAccount.get(target.accountId);
  return walletId === undefined ? undefined : draft.wallets.get(walletId);
}

const notFound = (target: Target): TransactionAnswer =>
  'walletId' in target
    ? { ok: false, code: 'WALLET_NOT_FOUND', id: target.walletId }
    : { ok: false, code: 'ACCOUNT_NOT_FOUND', id: target.accountId };

/** Checks the invariants of the ledger before anything is written. */
function assertMoneyAddsUp(before: LedgerState, { wallets, transactions }: Draft): void {
  const postedAmounts = new Map<string, Minor>();
  for (const { id, postings } of transactions) {
    const sum = postings.reduce((total, { amount }) => total + amount, 0n);
    assert(sum === 0n, `the postings of transaction ${id} do not sum to zero`);
    for (const { walletId, amount } of postings)
      postedAmounts.set(walletId, (postedAmounts.get(walletId) ?? 0n) + amount);
  }
  for (const { id, amount, mayOverdraw, refundableIn } of wallets.values()) {
    const expected = (before.wallets.get(id)?.amount ?? 0n) + (postedAmounts.get(id) ?? 0n);
    assert(amount === expected, `the amount of wallet ${id} differs from its postings`);
    assert(mayOverdraw || amount >= 0n, `wallet ${id} is below zero`);
    assert(refundableIn >= 0n && amount + refundableIn <= BALANCE_MAX, `wallet ${id} has no room for its refunds`);
  }
}
