import { decideRepeat, type KeyRefusal } from '@souk/service';
import type { Answer, Command } from './decisions/commands';
import type { Claim, UsedKey } from './idempotency';

/** A command for the lane, with the key that it claims if the request has one. */
export interface Submission {
  command: Command;
  claim?: Claim;
}

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
    if (usedKey) return () => repeatOf(usedKey, claim, answerKeptMs, usedKey.outcome as Answer);
    const newKey = claim && newKeys.get(claim.id);
    if (newKey) return (answers) => repeatOf({ ...newKey, ageMs: 0 }, claim, answerKeptMs, answers[newKey.index]!);
    const index = toDecide.push(submission) - 1;
    if (claim) newKeys.set(claim.id, { index, fingerprint: claim.fingerprint });
    return (answers) => ({ ok: true, answer: answers[index]!, isReplay: false });
  });
  return { toDecide, resultsOf: (answers) => resolvers.map((resolve) => resolve(answers)) };
}

function repeatOf(
  first: Pick<UsedKey, 'fingerprint' | 'ageMs'>,
  { fingerprint }: Claim,
  answerKeptMs: number,
  answer: Answer,
): SubmissionResult {
  const decision = decideRepeat(first, fingerprint, answerKeptMs);
  return decision === 'replay' ? { ok: true, answer, isReplay: true } : { ok: false, code: decision };
}
