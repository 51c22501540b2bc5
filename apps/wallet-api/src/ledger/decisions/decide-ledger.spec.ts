import { accountIdsOf } from '@souk/contracts';
import fc from 'fast-check';
import type { Answer, Changes, Command } from './commands';
import { decideLedger } from './decide-ledger';
import { BALANCE_MAX, type LedgerState, type Payer, type Payment, type Wallet } from './ledger-state';

const NOW = new Date('2026-01-31T12:00:00.000Z');
const WALLETS = ['w-ann', 'w-bob', 'w-shop', 'w-none'] as const;
const REFERENCES = ['ann', 'bob', 'shop', 'none', 'late'] as const;
/** Account ids. The first two are also references, once an account is opened with them. */
const ACCOUNTS = ['a-ann', 'a-shop', 'a-bob', 'a-none', accountIdsOf('late').accountId] as const;
const PAYMENTS = ['p1', 'p2', 'p3'] as const;

const wallet = (name: string, amount: bigint, overrides: Partial<Wallet> = {}): Wallet => ({
  id: `w-${name}`,
  accountId: `a-${name}`,
  amount,
  currency: 'USD',
  mayOverdraw: name === 'shop',
  refundableIn: 0n,
  refundableOut: 0n,
  sequence: 0,
  createdAt: NOW,
  updatedAt: NOW,
  ...overrides,
});

const origin = { actor: 'test', correlationId: 'c' };
const credit = (accountId: string, amount: bigint): Command => ({
  kind: 'external',
  type: 'credit',
  target: { accountId },
  amount,
  ...origin,
});
const withdraw = (walletId: string, amount: bigint): Command => ({
  kind: 'external',
  type: 'withdrawal',
  target: { walletId },
  amount,
  ...origin,
});
const transfer = (fromWalletId: string, toWalletId: string, amount: bigint): Command => ({
  kind: 'transfer',
  fromWalletId,
  toWalletId,
  amount,
  ...origin,
});
const charge = (paymentId: string, payer: string | Payer, payeeReference: string, amount: bigint): Command => ({
  kind: 'charge',
  paymentId,
  payer: typeof payer === 'string' ? { reference: payer } : payer,
  payeeReference,
  amount,
  currency: 'USD',
  ...origin,
});
const cancel = (paymentId: string): Command => ({ kind: 'cancel', paymentId, ...origin });
const open = (reference: string | null, initialBalance: bigint): Command => ({
  kind: 'open',
  role: 'customer',
  name: null,
  reference,
  initialBalance,
  ...origin,
});

/** Stands in for the database: applies the changes and provides the next state. */
class FakeLedger {
  readonly wallets = new Map<string, Wallet>();
  readonly references = new Map<string, string>();
  readonly payments = new Map<string, Payment>();
  readonly transactions: Changes['transactions'] = [];
  private ids = 0;

  constructor(...wallets: Wallet[]) {
    for (const initial of wallets) {
      this.wallets.set(initial.id, initial);
      this.references.set(initial.id.slice(2), initial.id);
    }
  }

  total = () => [...this.wallets.values()].reduce((sum, { amount }) => sum + amount, 0n);

  state(): LedgerState {
    return {
      now: NOW,
      wallets: new Map([...this.wallets].map(([id, entry]) => [id, { ...entry }])),
      walletOfAccount: new Map([...this.wallets.values()].map(({ id, accountId }) => [accountId, id])),
      walletOfReference: this.references,
      payments: this.payments,
    };
  }

  apply(...commands: Command[]): Answer[] {
    const { answers, changes } = decideLedger(this.state(), commands, () => `id${++this.ids}`);
    for (const { account, wallet: openedWallet } of changes.openedAccounts) {
      this.wallets.set(openedWallet.id, openedWallet);
      if (account.reference !== null) {
        expect(this.references.has(account.reference)).toBe(false);
        this.references.set(account.reference, openedWallet.id);
      }
    }
    for (const updated of changes.updatedWallets) this.wallets.set(updated.id, updated);
    for (const payment of changes.createdPayments) {
      expect(this.payments.has(payment.paymentId)).toBe(false);
      this.payments.set(payment.paymentId, payment);
    }
    for (const payment of changes.updatedPayments) this.payments.set(payment.paymentId, payment);
    this.transactions.push(...changes.transactions);
    return answers;
  }

  stateOf = (paymentId: string) => this.payments.get(paymentId)?.state;
}

const codesOf = (answers: Answer[]) =>
  answers.map((answer) => ('state' in answer ? answer.state : answer.ok ? 'ok' : answer.code));
const newLedger = () => new FakeLedger(wallet('ann', 100n), wallet('bob', 0n), wallet('shop', 0n));

const payers = fc.oneof(
  fc.constantFrom(...REFERENCES, ...ACCOUNTS).map((reference) => ({ reference })),
  fc.constantFrom(...ACCOUNTS, ...REFERENCES).map((accountId) => ({ accountId })),
);
const amounts = fc.oneof(
  fc.bigInt({ min: 1n, max: 200n }),
  fc.bigInt({ min: BALANCE_MAX - 200n, max: BALANCE_MAX + 1n }),
);
const commands = fc.oneof(
  fc.tuple(fc.constantFrom('a-ann', 'a-bob', 'a-shop', 'a-none'), amounts).map(([id, amount]) => credit(id, amount)),
  fc.tuple(fc.constantFrom(...WALLETS), amounts).map(([id, amount]) => withdraw(id, amount)),
  fc
    .tuple(fc.constantFrom(...WALLETS), fc.constantFrom(...WALLETS), amounts)
    .filter(([from, to]) => from !== to)
    .map(([from, to, amount]) => transfer(from, to, amount)),
  fc
    .tuple(fc.constantFrom(...PAYMENTS), payers, fc.constantFrom('shop', 'shop', 'bob'), amounts)
    .map(([id, payer, payee, amount]) => charge(id, payer, payee, amount)),
  fc.constantFrom(...PAYMENTS).map(cancel),
  fc
    .tuple(fc.constantFrom('late', 'ann', 'a-ann', 'a-shop', null), fc.bigInt({ min: 0n, max: 50n }))
    .map(([ref, amount]) => open(ref, amount)),
);
const histories = fc.array(fc.array(commands, { minLength: 1, maxLength: 8 }), { maxLength: 12 });

describe('for any commands in any batches', () => {
  it('postings sum to zero, wallets equal the sum of their postings, no customer is below zero, and refunds have room', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const ledger = newLedger();
        for (const batch of history) ledger.apply(...batch);
        const balances = new Map<string, bigint>();
        for (const { postings, status } of ledger.transactions) {
          expect(postings.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
          expect(postings.length).toBe(status === 'completed' ? 2 : 0);
          for (const { walletId, amount, balanceAfter } of postings) {
            const before = balances.get(walletId) ?? (walletId === 'w-ann' ? 100n : 0n);
            balances.set(walletId, before + amount);
            if (balanceAfter !== null) expect(balanceAfter).toBe(before + amount);
          }
        }
        for (const { id, amount, mayOverdraw, refundableIn, refundableOut } of ledger.wallets.values()) {
          expect(amount).toBe(balances.get(id) ?? (id === 'w-ann' ? 100n : 0n));
          if (!mayOverdraw) expect(amount >= 0n).toBe(true);
          expect(amount + refundableIn <= BALANCE_MAX).toBe(true);
          expect(amount >= -BALANCE_MAX).toBe(true);
          expect(refundableIn >= 0n && refundableOut >= 0n && refundableOut <= BALANCE_MAX).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('each account numbers its transactions without gaps, including failed ones', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const ledger = newLedger();
        for (const batch of history) ledger.apply(...batch);
        const lastSequences = new Map<string, number>();
        for (const { accountId, sequence } of ledger.transactions.flatMap(({ entries }) => entries)) {
          expect(sequence).toBe((lastSequences.get(accountId) ?? 0) + 1);
          lastSequences.set(accountId, sequence);
        }
        for (const { accountId, sequence } of ledger.wallets.values())
          expect(sequence).toBe(lastSequences.get(accountId) ?? 0);
      }),
    );
  });

  it('the answers are the same whether commands are applied one by one or in one batch', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const [batched, sequential] = [newLedger(), newLedger()];
        const allCommands = history.flat();
        if (allCommands.length === 0) return;
        expect(codesOf(batched.apply(...allCommands))).toEqual(
          codesOf(allCommands.flatMap((command) => sequential.apply(command))),
        );
        expect(batched.total()).toBe(sequential.total());
      }),
    );
  });

  it('a payment stays in its final state, and a cancelled payment leaves no net charge', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const ledger = newLedger();
        const finalStates = new Map<string, string>();
        for (const command of history.flat()) {
          ledger.apply(command);
          for (const [id, state] of finalStates) expect(ledger.stateOf(id)).toBe(state);
          for (const id of PAYMENTS) {
            const state = ledger.stateOf(id);
            if (state && state !== 'charged') finalStates.set(id, state);
          }
          if (command.kind === 'cancel')
            expect(ledger.stateOf(command.paymentId)).toMatch(/cancelled|refunded|declined/);
        }
        for (const { chargeId, refundId, state } of ledger.payments.values()) {
          const statusOf = (id: string | null) =>
            ledger.transactions.find((transaction) => transaction.id === id)?.status;
          expect(statusOf(chargeId) === 'completed').toBe(state === 'charged' || state === 'refunded');
          expect(statusOf(refundId) === 'completed').toBe(state === 'refunded');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a charge is paid by the account that it names: the one with the reference, or the one with the id', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const ledger = newLedger();
        for (const command of history.flat()) {
          const [answer] = ledger.apply(command);
          if (command.kind !== 'charge' || !answer || !('state' in answer) || answer.state !== 'charged') continue;
          const { terms, wallets } = ledger.payments.get(command.paymentId)!;
          expect(terms!.payer).toEqual(command.payer);
          const payer = ledger.wallets.get(wallets!.payerWalletId)!;
          if ('accountId' in command.payer) expect(payer.accountId).toBe(command.payer.accountId);
          else expect(payer.id).toBe(ledger.references.get(command.payer.reference));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a batch', () => {
  it('lets each command see the effects of those before it, and a refusal affects no other', () => {
    const ledger = newLedger();
    expect(
      codesOf(
        ledger.apply(
          withdraw('w-bob', 5n),
          transfer('w-ann', 'w-bob', 60n),
          withdraw('w-bob', 5n),
          transfer('w-ann', 'w-bob', 60n),
          credit('a-none', 1n),
          open('late', 7n),
          charge('p1', 'late', 'shop', 7n),
          open('late', 7n),
        ),
      ),
    ).toEqual([
      'INSUFFICIENT_FUNDS',
      'ok',
      'ok',
      'INSUFFICIENT_FUNDS',
      'ACCOUNT_NOT_FOUND',
      'ok',
      'charged',
      'REFERENCE_TAKEN',
    ]);
    expect(ledger.wallets.get('w-bob')!.amount).toBe(55n);
    expect(ledger.wallets.get('w-shop')!.amount).toBe(7n);
  });

  it('records a refusal with the requested amounts, but nothing if a wallet is not found', () => {
    const ledger = newLedger();
    ledger.apply(transfer('w-ann', 'w-bob', 101n), transfer('w-ann', 'w-none', 1n));
    expect(ledger.transactions).toMatchObject([
      {
        status: 'failed',
        reason: 'INSUFFICIENT_FUNDS',
        postings: [],
        entries: [
          { accountId: 'a-ann', amount: -101n, sequence: 1 },
          { accountId: 'a-bob', amount: 101n, sequence: 1 },
        ],
      },
    ]);
  });
});

describe('a refund', () => {
  it('fits into a wallet that was filled up after the charge, because its room was kept free', () => {
    const ledger = new FakeLedger(wallet('ann', BALANCE_MAX), wallet('shop', 0n));
    expect(codesOf(ledger.apply(charge('p1', 'ann', 'shop', BALANCE_MAX), credit('a-ann', 1n)))).toEqual([
      'charged',
      'BALANCE_LIMIT',
    ]);
    expect(codesOf(ledger.apply(withdraw('w-shop', BALANCE_MAX), cancel('p1'), cancel('p1')))).toEqual([
      'ok',
      'refunded',
      'refunded',
    ]);
    expect(ledger.wallets.get('w-ann')!.amount).toBe(BALANCE_MAX);
    expect(ledger.wallets.get('w-shop')!.amount).toBe(-BALANCE_MAX);
  });

  it("stays within what a merchant's row can hold, because a charge that would exceed it is declined", () => {
    const ledger = new FakeLedger(wallet('ann', BALANCE_MAX), wallet('bob', BALANCE_MAX), wallet('shop', 0n));
    expect(
      codesOf(
        ledger.apply(
          charge('p1', 'ann', 'shop', BALANCE_MAX),
          withdraw('w-shop', BALANCE_MAX),
          charge('p2', 'bob', 'shop', 1n),
        ),
      ),
    ).toEqual(['charged', 'ok', 'declined']);
    expect(ledger.payments.get('p2')).toMatchObject({ reason: 'BALANCE_LIMIT' });
  });
});
