import { MACHINE_ID } from './atm-fields';

/*
 * What the cash machines keep in Redis: they write it, the auditor reads it. It is JSON as it stands: amounts are decimal
 * strings, moments are milliseconds since 1970 or RFC 3339.
 */

/** Pieces by the text of their denomination, such as `{"200": 1, "0.1": 9}`. */
export type Pieces = Record<string, number>;

/** Pieces by their kind. Which kind they were stays told, whatever denominations a machine is given later. */
export interface Cash {
  bills: Pieces;
  coins: Pieces;
}

/** A withdrawal on an account whose pieces are set aside and which has not ended. */
export interface OpenWithdrawal {
  /** Of its payment, too. */
  id: string;
  amount: string;
  cash: Cash;
  accountId: string;
  actor: string;
  key: string | null;
  /** Where its outcome is kept. */
  outcomeId: string;
  openedAtMs: number;
  /** Until then whoever holds the lease settles it. It saves work, no more: what counts is that a withdrawal ends once. */
  leasedUntilMs: number;
}

/** A payment that must not stand, because its notes were put back, and whose cancellation the wallet has not confirmed. */
export interface PendingCancellation {
  id: string;
  actor: string;
  leasedUntilMs: number;
}

/** A machine at one moment. It changes by a compare-and-set on its version, and in no other way. */
export interface MachineState {
  version: number;
  /** Of the last entry of the journal. */
  sequence: number;
  /** What can be dispensed. */
  counts: Pieces;
  open: Record<string, OpenWithdrawal>;
  cancelling: Record<string, PendingCancellation>;
}

/** Written once, with the change of the state that it tells of. */
export interface JournalEntry {
  sequence: number;
  type: 'withdrawal' | 'refill' | 'reset';
  status: 'open' | 'dispensed' | 'put_back' | null;
  /** Of the withdrawal, refill or reset. */
  id: string;
  amount: string;
  pieces: Pieces;
  /** What it added to the stock, and took from it. */
  change: Pieces;
  accountId: string | null;
  key: string | null;
  actor: string;
  createdAt: string;
}

/** All keys of a machine share a hash tag, so that one script may touch them in a cluster. */
export const machineKeys = (machineId: string) => ({
  /** A hash: `state` holds a `MachineState`. */
  state: `{atm:${machineId}}:state`,
  /** A stream: the entry of sequence 7 has the id `7-0` and one field, `entry`, with a `JournalEntry`. */
  journal: `{atm:${machineId}}:journal`,
  outcome: (id: string) => `{atm:${machineId}}:outcome:${id}`,
});

/** Matches the states and the journals of all machines, and few other keys. */
export const MACHINE_KEYS_PATTERN = '{atm:*}:[js]*';

/** @returns the machine whose state or journal lies under a key */
export function machineOfKey(key: string): string | undefined {
  const machineId = /^\{atm:(.*)\}:(?:state|journal)$/.exec(key)?.[1];
  return machineId !== undefined && MACHINE_ID.test(machineId) ? machineId : undefined;
}

const PAYEE_PREFIX = 'atm-';

/** Reference of the account in the wallet that a machine is paid to. */
export const payeeReferenceOf = (machineId: string) => `${PAYEE_PREFIX}${machineId}`;

/** @returns the machine that is paid to the account of a reference */
export function machineOfPayee(reference: string): string | undefined {
  const machineId = reference.startsWith(PAYEE_PREFIX) ? reference.slice(PAYEE_PREFIX.length) : '';
  return MACHINE_ID.test(machineId) ? machineId : undefined;
}
