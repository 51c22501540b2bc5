import type { Answer, Command } from './decisions/commands';
import type { Claim, UsedKey } from './idempotency';

/** A command for the lane, with the key that it claims if the request has one. */
export interface Submission {
  command: Command;
  claim?: Claim;
}

/** Why a key can't be used: it was used with another body, or its outcome has expired. Nothing was done. */
export type KeyRefusal = 'IDEMPOTENCY_MISMATCH' | 'IDEMPOTENCY_EXPIRED';

/** The result of a submission: the answer to its command, an earlier answer, or why its key can't be used. */
export type SubmissionResult = { ok: true; answer: Answer; isReplay: boolean } | { ok: false; code: KeyRefusal };

/**
 * Picks the submissions of a batch that have to be decided: those without a key, and the first one of each new key.
 * @returns these as `toDecide`, and `resultsOf`, which derives the result of every submission from their answers
 */
export function planBatch(
  submissions: readonly Submission[],
  usedKeys: ReadonlyMap<string, UsedKey>,
  answerKeptMs: number,
): { toDecide: Submission[]; resultsOf(answers: readonly Answer[]): SubmissionResult[] } {
  const toDecide: Submission[] = [];
  /** For each new key, the index in `toDecide` where it is decided, and the fingerprint of the body. */
  const newKeys = new Map<string, { index: number; fingerprint: string }>();
  const resolvers = submissions.map((submission): ((answers: readonly Answer[]) => SubmissionResult) => {
    const { claim } = submission;
    const usedKey = claim && usedKeys.get(claim.id);
    if (usedKey) return () => replayOf(usedKey, claim, answerKeptMs);
    const newKey = claim && newKeys.get(claim.id);
    if (newKey) {
      if (newKey.fingerprint !== claim.fingerprint) return () => ({ ok: false, code: 'IDEMPOTENCY_MISMATCH' });
      return (answers) => ({ ok: true, answer: answers[newKey.index]!, isReplay: true });
    }
    const index = toDecide.push(submission) - 1;
    if (claim) newKeys.set(claim.id, { index, fingerprint: claim.fingerprint });
    return (answers) => ({ ok: true, answer: answers[index]!, isReplay: false });
  });
  return { toDecide, resultsOf: (answers) => resolvers.map((resolve) => resolve(answers)) };
}

function replayOf(usedKey: UsedKey, claim: Claim, answerKeptMs: number): SubmissionResult {
  if (usedKey.fingerprint !== claim.fingerprint) return { ok: false, code: 'IDEMPOTENCY_MISMATCH' };
  if (usedKey.ageMs > answerKeptMs) return { ok: false, code: 'IDEMPOTENCY_EXPIRED' };
  return { ok: true, answer: usedKey.outcome as Answer, isReplay: true };
}
