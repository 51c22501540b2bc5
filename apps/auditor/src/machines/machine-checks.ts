import type { Promised } from '../check';

/** A promise about the cash machines; all are checked in one walk over their journals. */
export interface MachineCheck extends Promised {
  /** Whether the check compares journals with payments. */
  readsWallet: boolean;
}

/** In the order in which they are reported. */
export const MACHINE_CHECKS = {
  gapless: {
    name: 'machine-journal-without-gap',
    promise: 'the sequences of the journal of a cash machine are 1, 2, 3 … up to that of its state',
    readsWallet: false,
  },
  stock: {
    name: 'machine-stock-is-its-journal',
    promise: 'the stock of a cash machine is the sum of the changes in its journal, and was never below zero',
    readsWallet: false,
  },
  ends: {
    name: 'withdrawal-ends-once',
    promise:
      'a withdrawal of cash takes pieces of its amount, and ends once; only what the machine holds open has not ended',
    readsWallet: false,
  },
  dispensed: {
    name: 'dispensed-was-charged',
    promise: 'cash dispensed on an account was charged, for its amount, from the account to the machine',
    readsWallet: true,
  },
  putBack: {
    name: 'put-back-costs-nothing',
    promise: 'a withdrawal of cash that was put back is not charged, once its cancellation is confirmed',
    readsWallet: true,
  },
  charged: {
    name: 'charge-is-of-a-withdrawal',
    promise: 'what was charged for a cash machine is one of its withdrawals',
    readsWallet: true,
  },
} as const satisfies Record<string, MachineCheck>;

export type MachineCheckName = keyof typeof MACHINE_CHECKS;
