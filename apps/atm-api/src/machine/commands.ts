import type { Minor } from '@souk/money';
import type { KeyRefusal } from '@souk/service';
import type { Outcome, Pieces, StoredRefusal } from './machine-state';

/** The actor of commands that no client requests. */
export const SERVICE_ACTOR = 'atm-api';

/** A change to a machine. Clients request the first three kinds; the service issues the others. */
export type Command = { actor: string } & (
  | { kind: 'withdraw'; id: string; amount: Minor; account?: { id: string; leasedUntilMs: number } }
  | { kind: 'refill'; id: string; pieces: Pieces }
  | { kind: 'reset'; id: string }
  /** Writes the initial stock of a machine if nothing has been written yet. */
  | { kind: 'fill' }
  /** Leases an open withdrawal or a pending cancellation, unless it has a lease that hasn't expired. */
  | { kind: 'lease'; id: string; leasedUntilMs: number }
  /** Dispenses an open withdrawal whose payment is charged. */
  | { kind: 'dispense'; id: string }
  /** Puts the pieces of an open withdrawal back. */
  | {
      kind: 'put_back';
      id: string;
      refusal: StoredRefusal;
      payment: 'ended' | 'to_be_cancelled';
      outcome: 'stored' | 'deleted';
    }
  /** Ends a pending cancellation, because the wallet has confirmed it. */
  | { kind: 'confirm_cancellation'; id: string }
);

interface KeyClaim {
  key: string;
  fingerprint: string;
  /**
   * Outcome ids under which a process of an earlier release has stored the key or may be storing it now; other keys may share
   * them.
   */
  earlierIds?: readonly string[];
}

/** A command submitted to the lane. */
export interface Submission {
  command: Command;
  submissionId: string;
  /** Where the outcome of the command, or of the withdrawal it settles, is stored. */
  outcomeId: string;
  /** The caller's idempotency key. */
  claim?: KeyClaim;
}

/**
 * `done`: a `fill`, `lease` or `confirm_cancellation` succeeded. `too_late`: another command came first, so this one no longer
 * applies; for example, the withdrawal is already settled or leased. `queue_full`: a `withdraw` from an account was refused
 * because too many withdrawals already wait for the wallet. After `too_late` or `queue_full`, nothing was done and nothing is
 * stored.
 */
export type Answer = Outcome | { kind: 'done' } | { kind: 'too_late' } | { kind: 'queue_full' };

/** `earlierId`: for a replay, the id under which the outcome was found, if it isn't the submission's own. */
export type SubmissionResult =
  { ok: true; answer: Answer; isReplay: boolean; earlierId?: string } | { ok: false; code: KeyRefusal };
