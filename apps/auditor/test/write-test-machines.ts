import { machineKeys, type JournalEntry, type MachineState, type Pieces } from '@souk/contracts';
import { recordCharge, recordMovement, recordRefund, openAccount, type TestPayment } from './record-test-ledger';
import type { TestBooks } from './start-test-books';
import type { TestMachines } from './start-test-machines';
import { ADA, BO, id, rewriteBooks } from './write-test-books';

const MACHINE = id(4);
const LOBBY = id(5);
export const { state: STATE, journal: JOURNAL } = machineKeys('main');

type WrittenEntry = Pick<JournalEntry, 'type' | 'status' | 'id' | 'amount' | 'pieces' | 'change' | 'accountId'>;

const withdrawal = (
  status: WrittenEntry['status'],
  name: string,
  accountId: string | null,
  change: Pieces,
): WrittenEntry => ({
  ...{ type: 'withdrawal', status, id: name, amount: '20.00', pieces: { '20': 1 }, change, accountId },
});
const [TAKEN_OUT, PUT_BACK] = [{ '20': -1 }, { '20': 1 }];
const FULL = { '20': 5, '0.1': 10 };

/**
 * Withdrawals: one without an account, one that was paid, one that was declined, one that was refunded, one whose cancellation
 * isn't confirmed, and one that is open. The last two are charged.
 */
export const ENTRIES: readonly WrittenEntry[] = [
  { type: 'reset', status: null, id: 'first', amount: '101.00', pieces: FULL, change: FULL, accountId: null },
  withdrawal('dispensed', 'cash', null, TAKEN_OUT),
  withdrawal('open', 'paid', ADA, TAKEN_OUT),
  withdrawal('dispensed', 'paid', ADA, {}),
  withdrawal('open', 'poor', BO, TAKEN_OUT),
  withdrawal('put_back', 'poor', BO, PUT_BACK),
  withdrawal('open', 'back', ADA, TAKEN_OUT),
  withdrawal('put_back', 'back', ADA, PUT_BACK),
  { ...{ type: 'refill', status: null, id: 'more', amount: '0.50', pieces: { '0.1': 5 } }, change: { '0.1': 5 }, accountId: null }, // prettier-ignore
  withdrawal('open', 'pending', ADA, TAKEN_OUT),
  withdrawal('put_back', 'pending', ADA, PUT_BACK),
  withdrawal('open', 'open', ADA, TAKEN_OUT),
];

/** The state that results from those entries. */
export const TRUE_STATE: MachineState = {
  ...{ version: 9, sequence: ENTRIES.length, counts: { '20': 2, '0.1': 15 } },
  open: {
    open: {
      ...{
        id: 'open',
        amount: '20.00',
        cash: { bills: { '20': 1 }, coins: {} },
        accountId: ADA,
        actor: 'test',
        key: null,
      },
      ...{ outcomeId: 'open', openedAtMs: 0, leasedUntilMs: 0 },
    },
  },
  cancelling: { pending: { id: 'pending', actor: 'test', leasedUntilMs: 0 } },
};

/** Resets the books, including those of two machines, to a correct state. */
export async function rewriteMachines(books: TestBooks, machines: TestMachines) {
  await rewriteBooks(books);
  await chargeWithdrawals(books);
  await writeMachine(machines, TRUE_STATE, ENTRIES);
  const { state, journal } = machineKeys('lobby');
  const lobby: MachineState = { version: 1, sequence: 1, counts: FULL, open: {}, cancelling: {} };
  await machines.redis.del(state, journal);
  await writeState(machines, lobby, state);
  await machines.redis.xadd(journal, '1-0', 'entry', JSON.stringify({ sequence: 1, ...ENTRIES[0] }));
}

export async function writeMachine(machines: TestMachines, state: MachineState, entries: readonly WrittenEntry[]) {
  await machines.redis.del(STATE, JOURNAL);
  await writeState(machines, state);
  for (const [index, entry] of entries.entries()) await addEntry(machines, index + 1, entry);
}

export const writeState = ({ redis }: TestMachines, state: MachineState, key = STATE) =>
  redis.hset(key, 'version', state.version, 'state', JSON.stringify(state));

export const addEntry = ({ redis }: TestMachines, sequence: number, entry: WrittenEntry) =>
  redis.xadd(JOURNAL, `${sequence}-0`, 'entry', JSON.stringify({ sequence, ...entry }));

async function chargeWithdrawals({ wallet, run }: TestBooks) {
  const payment = (name: string, from: string): TestPayment => ({
    ...{ paymentId: name, from, to: MACHINE, amount: 2_000 },
  });
  await wallet.transaction(async (tx) => {
    await openAccount(tx, MACHINE, 'merchant', 'atm-main');
    await openAccount(tx, LOBBY, 'merchant', 'atm-lobby');
    await recordMovement(tx, { type: 'deposit', to: ADA, amount: 50_000 });
    for (const name of ['paid', 'back', 'pending', 'open']) await recordCharge(tx, payment(name, ADA));
    await recordCharge(tx, payment('poor', BO));
    await recordRefund(tx, payment('back', ADA));
  });
  await run(
    `UPDATE wallet.payment SET payer_account_id = payer_reference, payer_reference = NULL, payee_reference = 'atm-main'
      WHERE payee_reference = ?`,
    [MACHINE],
  );
}
