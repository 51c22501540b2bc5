import type { DataPromise } from '../check-result';

/** A promise about the cash machines; all are checked in one walk over their journals. */
export interface MachineCheck extends DataPromise {
  /** Whether the check compares journals with payments. */
  readsWallet: boolean;
}

/** In the order in which they are reported. */
export const MACHINE_CHECKS = {
  gapless: {
    name: 'machine-journal-without-gap',
    promise: 'the sequences in the journal of a cash machine are 1, 2, 3 … up to that of its state',
    readsWallet: false,
  },
  stock: {
    name: 'machine-stock-is-its-journal',
    promise: 'the stock of a cash machine is the sum of the changes in its journal, and was never negative',
    readsWallet: false,
  },
  ends: {
    name: 'withdrawal-ends-once',
    promise:
      'a cash withdrawal takes pieces worth its amount and ends once; only those that the machine holds open have not ended',
    readsWallet: false,
  },
  dispensed: {
    name: 'dispensed-was-charged',
    promise: 'cash dispensed from an account was charged: the same amount, from that account to that machine',
    readsWallet: true,
  },
  putBack: {
    name: 'put-back-costs-nothing',
    promise: 'a cash withdrawal that was put back is not charged once its cancellation is confirmed',
    readsWallet: true,
  },
  charged: {
    name: 'charge-is-of-a-withdrawal',
    promise: 'every charge for a cash machine belongs to one of its withdrawals',
    readsWallet: true,
  },
} as const satisfies Record<string, MachineCheck>;

export type MachineCheckName = keyof typeof MACHINE_CHECKS;
