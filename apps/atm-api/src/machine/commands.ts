import type { Minor } from '@souk/money';
import type { Outcome, Pieces, Refused } from './machine-state';

/** Something that changes a machine. Those of the first three kinds are what clients ask for; the others follow from them. */
export type Command = { actor: string } & (
  | { kind: 'withdraw'; id: string; amount: Minor; account?: { id: string; leasedUntilMs: number } }
  | { kind: 'refill'; id: string; pieces: Pieces }
  | { kind: 'reset'; id: string }
  /** Has the first stock of a machine written, where nothing is yet. */
  | { kind: 'fill' }
  /** Takes the right to settle an open withdrawal, or to confirm a cancellation, from nobody or from who had it too long. */
  | { kind: 'lease'; id: string; leasedUntilMs: number }
  /** The payment of an open withdrawal is charged. */
  | { kind: 'dispense'; id: string }
  | {
      kind: 'put_back';
      id: string;
      refusal: Refused;
      payment: 'ended' | 'to_be_cancelled';
      outcome: 'kept' | 'forgotten';
    }
  /** The wallet has confirmed it. */
  | { kind: 'cancelled'; id: string }
);

export interface KeyClaim {
  key: string;
  fingerprint: string;
  /** Outcome ids under which a process of an earlier release has stored it, or may be storing it now; other keys share them. */
  earlierIds?: readonly string[];
}

/** A command on its way through the lane. */
export interface Submission {
  command: Command;
  submissionId: string;
  /** Where its outcome is kept, or that of the withdrawal it is about. */
  outcomeId: string;
  /** The caller's idempotency key. */
  claim?: KeyClaim;
}

/** The key was used for another body, or so long ago that its outcome is gone. Nothing was done. */
export type KeyRefusal = 'IDEMPOTENCY_MISMATCH' | 'IDEMPOTENCY_EXPIRED';

/**
 * `done`: of a `fill`, a `lease` and a `cancelled`; `gone`: of whatever came too late; `crowded`: of a `withdraw` on an account, where
 * too many wait for the wallet already. Nothing was done on the last two, and nothing is kept of them.
 */
export type Answer = Outcome | { kind: 'done' } | { kind: 'gone' } | { kind: 'crowded' };

/** `earlierId`: for a replay, the id that has the outcome, if it isn't the submission's own. */
export type Settled =
  { ok: true; answer: Answer; isReplay: boolean; earlierId?: string } | { ok: false; code: KeyRefusal };
