import type { TestBooks } from './start-test-books';
import type { TestMachines } from './start-test-machines';
import { BO } from './write-test-books';
import { addEntry, ENTRIES, JOURNAL, STATE, TRUE_STATE, writeMachine, writeState } from './write-test-machines';

/** What was done to correct books, how, and the ids that each check reports. */
type MachineTampering = [
  what: string,
  tamper: (machines: TestMachines, books: TestBooks) => Promise<unknown>,
  reported: Record<string, string[]>,
];

const inWallet =
  (sql: string): MachineTampering[1] =>
  (_, { run }) =>
    run(sql);
const inState =
  (change: Partial<typeof TRUE_STATE>): MachineTampering[1] =>
  (machines) =>
    writeState(machines, { ...TRUE_STATE, ...change });
/** Changes entries, given by their sequence. */
const inJournal =
  (changes: Record<number, Partial<(typeof ENTRIES)[number]>>): MachineTampering[1] =>
  (machines) =>
    writeMachine(machines, TRUE_STATE, ENTRIES.map((entry, index) => ({ ...entry, ...changes[index + 1] }))); // prettier-ignore

const paid = ENTRIES.find(({ id, status }) => id === 'paid' && status === 'dispensed')!;
const refill = { ...ENTRIES[0]!, type: 'refill', amount: '0.00', pieces: {}, change: {} } as const;
const stock = (change: Record<string, number>) => ({ pieces: change, change });

export const TAMPERINGS_OF_MACHINES: MachineTampering[] = [
  [
    'a state that counts one entry too many',
    inState({ sequence: ENTRIES.length + 1 }),
    { 'machine-journal-without-gap': ['main'] },
  ],
  [
    'an entry beyond those that the state counts',
    (machines) => addEntry(machines, ENTRIES.length + 1, refill),
    { 'machine-journal-without-gap': ['main'] },
  ],
  [
    'a missing entry',
    ({ redis }) => redis.xdel(JOURNAL, '9-0'),
    { 'machine-journal-without-gap': ['main'], 'machine-stock-is-its-journal': ['main'] },
  ],
  [
    'an unreadable entry',
    ({ redis }) => redis.xadd(JOURNAL, `${ENTRIES.length + 1}-0`, 'entry', '{'),
    { 'machine-journal-without-gap': ['main'] },
  ],
  [
    'one piece more than came in',
    inState({ counts: { '20': 3, '0.1': 15 } }),
    { 'machine-stock-is-its-journal': ['main'] },
  ],
  [
    'a stock that was temporarily below zero',
    inJournal({ 1: stock({ '20': 1, '0.1': 10 }), 9: stock({ '20': 4, '0.1': 5 }) }),
    { 'machine-stock-is-its-journal': ['main'] },
  ],
  ['a withdrawal that the machine forgot', inState({ open: {} }), { 'withdrawal-ends-once': ['open'] }],
  [
    'a withdrawal that was dispensed twice',
    async (machines) => {
      await addEntry(machines, ENTRIES.length + 1, paid);
      await writeState(machines, { ...TRUE_STATE, sequence: ENTRIES.length + 1 });
    },
    { 'withdrawal-ends-once': ['paid'] },
  ],
  ['pieces that are worth another amount', inJournal({ 2: { amount: '40.00' } }), { 'withdrawal-ends-once': ['cash'] }],
  [
    'pieces that were not put back',
    inJournal({ 6: { change: {} }, 9: stock({ '20': 1, '0.1': 5 }) }),
    { 'withdrawal-ends-once': ['poor'] },
  ],
  [
    'dispensed pieces without a payment',
    inWallet("DELETE FROM wallet.payment WHERE payment_id = 'paid'"),
    { 'dispensed-was-charged': ['paid'] },
  ],
  [
    'dispensed pieces whose payment was refunded',
    inWallet("UPDATE wallet.payment SET state = 'refunded' WHERE payment_id = 'paid'"),
    { 'dispensed-was-charged': ['paid'] },
  ],
  [
    'dispensed pieces for which a cent too little was charged',
    inWallet("UPDATE wallet.payment SET amount = amount - 1 WHERE payment_id = 'paid'"),
    { 'dispensed-was-charged': ['paid'] },
  ],
  [
    'dispensed pieces that another account paid for',
    inWallet(`UPDATE wallet.payment SET payer_account_id = '${BO}' WHERE payment_id = 'paid'`),
    { 'dispensed-was-charged': ['paid'] },
  ],
  [
    'dispensed pieces whose payment went to another machine',
    inWallet("UPDATE wallet.payment SET payee_reference = 'atm-lobby' WHERE payment_id = 'paid'"),
    { 'dispensed-was-charged': ['paid'], 'charge-is-of-a-withdrawal': ['paid'] },
  ],
  [
    'a declined payment that was charged anyway',
    inWallet("UPDATE wallet.payment SET state = 'charged' WHERE payment_id = 'poor'"),
    { 'put-back-costs-nothing': ['poor'] },
  ],
  [
    'a confirmed cancellation whose payment is still charged',
    inState({ cancelling: {} }),
    { 'put-back-costs-nothing': ['pending'] },
  ],
  [
    'a payment without a withdrawal',
    inWallet("UPDATE wallet.payment SET payment_id = 'other' WHERE payment_id = 'open'"),
    { 'charge-is-of-a-withdrawal': ['other'] },
  ],
  [
    'a machine whose books are lost',
    ({ redis }) => redis.del(STATE, JOURNAL),
    { 'charge-is-of-a-withdrawal': ['open', 'paid', 'pending'] },
  ],
];
