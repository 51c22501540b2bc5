import { MACHINE_ID } from './atm-fields';

/*
 * The data of the cash machines in Redis. The ATM API writes it, and the auditor reads it. The types describe the JSON itself:
 * amounts are decimal strings, moments are milliseconds since 1970 or RFC 3339.
 */

/** Number of pieces by denomination, such as `{"200": 1, "0.1": 9}`. */
export type Pieces = Record<string, number>;

/** Pieces by kind. The kind is recorded because the denominations of the machine may change later. */
export interface Cash {
  bills: Pieces;
  coins: Pieces;
}

/** A withdrawal from an account that is not settled yet; its pieces are set aside. */
export interface OpenWithdrawal {
  /** The id of the withdrawal and of its payment. */
  id: string;
  amount: string;
  cash: Cash;
  accountId: string;
  actor: string;
  key: string | null;
  /** The id under which its outcome is stored. */
  outcomeId: string;
  openedAtMs: number;
  /** Until this time, only the lease holder settles it. This only avoids duplicate work: a withdrawal settles once anyway. */
  leasedUntilMs: number;
}

/** A payment to be cancelled because its pieces were put back. The wallet has not confirmed the cancellation yet. */
export interface PendingCancellation {
  id: string;
  actor: string;
  leasedUntilMs: number;
}

/** The state of a machine. It changes only by compare-and-set on its version. */
export interface MachineState {
  version: number;
  /** The sequence of the last journal entry. */
  sequence: number;
  /** The pieces that can be dispensed. */
  counts: Pieces;
  open: Record<string, OpenWithdrawal>;
  cancelling: Record<string, PendingCancellation>;
}

/** An entry of the journal. It is written once, together with the state change that it records. */
export interface JournalEntry {
  sequence: number;
  type: 'withdrawal' | 'refill' | 'reset';
  status: 'open' | 'dispensed' | 'put_back' | null;
  /** The id of the withdrawal, refill or reset. */
  id: string;
  amount: string;
  pieces: Pieces;
  /** The change to the stock; negative for pieces that were removed. */
  change: Pieces;
  accountId: string | null;
  key: string | null;
  actor: string;
  createdAt: string;
}

/** All keys of a machine share a hash tag, so that one script can access them in a cluster. */
export const machineKeys = (machineId: string) => ({
  /** A hash with the field `state`, a `MachineState`. */
  state: `{atm:${machineId}}:state`,
  /** A stream: the entry of sequence 7 has the id `7-0` and one field, `entry`, with a `JournalEntry`. */
  journal: `{atm:${machineId}}:journal`,
  outcome: (id: string) => `{atm:${machineId}}:outcome:${id}`,
});

/** Matches the state and journal keys of all machines. It may match a few other keys, which `machineOfKey` rules out. */
export const MACHINE_KEYS_PATTERN = '{atm:*}:[js]*';

/** @returns the machine whose state or journal is stored under a key */
export function machineOfKey(key: string): string | undefined {
  const machineId = /^\{atm:(.*)\}:(?:state|journal)$/.exec(key)?.[1];
  return machineId !== undefined && MACHINE_ID.test(machineId) ? machineId : undefined;
}

const PAYEE_PREFIX = 'atm-';

/** The reference of the wallet account that receives the payments for a machine. */
export const payeeReferenceOf = (machineId: string) => `${PAYEE_PREFIX}${machineId}`;

/** @returns the machine whose payments go to the account with this reference */
export function machineOfPayee(reference: string): string | undefined {
  const machineId = reference.startsWith(PAYEE_PREFIX) ? reference.slice(PAYEE_PREFIX.length) : '';
  return MACHINE_ID.test(machineId) ? machineId : undefined;
}
