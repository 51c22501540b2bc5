import type { Answer, Command } from './decisions/commands';
import type { Claim, KnownKey } from './idempotency';

export interface Submission {
  command: Command;
  claim?: Claim;
}

/** The result of a submission: the answer to its command, an earlier answer, or why its key can't be used. */
export type Settled =
  { ok: true; answer: Answer; isReplay: boolean } | { ok: false; code: 'IDEMPOTENCY_MISMATCH' | 'IDEMPOTENCY_EXPIRED' };

/**
 * Picks the submissions of a batch that have to be decided: those without a key, and the first one of each new key.
 * @returns these as `first`, and `settle`, which derives the result of every submission from their answers
 */
export function planBatch(
  submissions: readonly Submission[],
  known: ReadonlyMap<string, KnownKey>,
  answerKeptMs: number,
): { first: Submission[]; settle(answers: readonly Answer[]): Settled[] } {
  const first: Submission[] = [];
  /** The index in `first` where each key is decided, and the fingerprint of the body. */
  const deciding = new Map<string, { index: number; fingerprint: string }>();
  const places = submissions.map((submission): ((answers: readonly Answer[]) => Settled) => {
    const { claim } = submission;
    const earlier = claim && known.get(claim.id);
    if (earlier) return () => replayOf(earlier, claim, answerKeptMs);
    const joined = claim && deciding.get(claim.id);
    if (joined) {
      if (joined.fingerprint !== claim.fingerprint) return () => ({ ok: false, code: 'IDEMPOTENCY_MISMATCH' });
      return (answers) => ({ ok: true, answer: answers[joined.index]!, isReplay: true });
    }
    const index = first.push(submission) - 1;
    if (claim) deciding.set(claim.id, { index, fingerprint: claim.fingerprint });
    return (answers) => ({ ok: true, answer: answers[index]!, isReplay: false });
  });
  return { first, settle: (answers) => places.map((place) => place(answers)) };
}

function replayOf(earlier: KnownKey, claim: Claim, answerKeptMs: number): Settled {
  if (earlier.fingerprint !== claim.fingerprint) return { ok: false, code: 'IDEMPOTENCY_MISMATCH' };
  if (earlier.ageMs > answerKeptMs) return { ok: false, code: 'IDEMPOTENCY_EXPIRED' };
  return { ok: true, answer: earlier.outcome as Answer, isReplay: true };
}
