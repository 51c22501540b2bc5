import type { MachineSettings } from '../machines';

/*
 * What stores keep is JSON as it stands: amounts are decimal strings, moments are milliseconds since 1970 or RFC 3339.
 */

/** Pieces by the text of their denomination, such as `{"200": 1, "0.1": 9}`. */
export type Pieces = Record<string, number>;

/** A withdrawal on an account whose pieces are set aside and which has not ended. */
export interface OpenWithdrawal {
  /** Of its payment, too. */
  id: string;
  amount: string;
  pieces: Pieces;
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

/** Why nothing was done. */
export type Refused =
  | { code: 'TOO_MANY_COINS' }
  | { code: 'INSUFFICIENT_FUNDS'; maxPayable: string }
  | { code: 'NOT_PAYABLE'; below: string | null; above: string | null }
  | { code: 'WITHDRAWAL_OPEN' }
  | { code: 'ACCOUNT_NOT_FOUND' }
  | { code: 'PAYMENT_DECLINED'; reason: string }
  | { code: 'WITHDRAWAL_EXPIRED' };

/** What became of a withdrawal, a refill or a reset. All but `open` is final. */
export type Outcome =
  | { kind: 'dispensed'; amount: string; pieces: Pieces }
  | { kind: 'open'; withdrawalId: string }
  | { kind: 'refilled'; pieces: Pieces }
  | { kind: 'reset' }
  | { kind: 'refused'; refusal: Refused };

/** An outcome as it is kept, for whoever asks again. */
export interface KeptOutcome {
  /** Of the request that was first. */
  fingerprint: string;
  /** Names the submission that wrote it, so that it knows its own work when the answer of the store was lost. */
  submissionId: string;
  outcome: Outcome;
  keptAtMs: number;
  /** After that it may be forgotten. */
  expiresAtMs: number;
}

/** What a machine is before anything was written: empty. The first thing to be written is a reset. */
export const NO_STATE: MachineState = { version: 0, sequence: 0, counts: {}, open: {}, cancelling: {} };

/** What a full machine holds. */
export const initialCounts = ({ denominations }: MachineSettings): Pieces =>
  Object.fromEntries(denominations.map(({ text, initialCount }) => [text, initialCount]));
