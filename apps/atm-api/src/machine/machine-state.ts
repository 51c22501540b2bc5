import type { Cash, MachineState, Pieces } from '@souk/contracts';
import type { MachineSettings } from './machine-settings';

export type { Cash, JournalEntry, MachineState, OpenWithdrawal, PendingCancellation, Pieces } from '@souk/contracts';

/*
 * Stores keep these types as plain JSON: amounts are decimal strings, times are milliseconds since 1970 or RFC 3339.
 */

/** Why a withdrawal or a reset was refused. */
export type StoredRefusal =
  | { code: 'TOO_MANY_COINS' }
  | { code: 'INSUFFICIENT_FUNDS'; maxPayable: string }
  | { code: 'NOT_PAYABLE'; below: string | null; above: string | null }
  | { code: 'WITHDRAWAL_OPEN' }
  | { code: 'ACCOUNT_NOT_FOUND' }
  | { code: 'PAYMENT_DECLINED'; reason: string }
  | { code: 'WITHDRAWAL_EXPIRED' };

/** The outcome of a withdrawal, a refill or a reset. All but `open` are final. */
export type Outcome =
  | { kind: 'dispensed'; amount: string; cash: Cash }
  | { kind: 'open'; withdrawalId: string }
  | { kind: 'refilled'; pieces: Pieces }
  | { kind: 'reset' }
  | { kind: 'refused'; refusal: StoredRefusal };

/** A stored outcome, for replays. */
export interface StoredOutcome {
  /** The fingerprint of the first request. */
  fingerprint: string;
  /** The submission that wrote it, so that it recognises its own outcome if the store's reply was lost. */
  submissionId: string;
  outcome: Outcome;
  keptAtMs: number;
  /** The outcome may be deleted after this. */
  expiresAtMs: number;
  /** Ids under which an earlier release looks for the outcome; each has a copy. */
  copyIds?: string[];
  /** For a copy: the id it was copied from. Only processes of an earlier release use copies. */
  copyOf?: string;
}

/** A machine's state at one moment, and some stored outcomes. */
export interface MachineSnapshot {
  /** Absent until something is written. */
  state: MachineState | undefined;
  /** The stored outcomes of the requested ids. If one was stored after the state was read, it belongs to a newer version. */
  outcomes: ReadonlyMap<string, StoredOutcome>;
}

/** The state of a machine before anything is written: empty. The first entry is a reset, which fills it. */
export const NO_STATE: MachineState = { version: 0, sequence: 0, counts: {}, open: {}, cancelling: {} };

/** The number of pieces of each denomination in a full machine. */
export const initialCounts = ({ denominations }: MachineSettings): Pieces =>
  Object.fromEntries(denominations.map(({ text, initialCount }) => [text, initialCount]));
