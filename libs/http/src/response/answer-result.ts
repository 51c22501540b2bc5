import type { Answer } from './exchange';
import { problemFailures, type Failure } from './failure';
import { refusal } from './refusal';

/** The outcome of a use case: success, or the code of a refusal. */
export type Result<Code extends string> =
  { ok: true; isReplay?: boolean } | { ok: false; code: Code; isReplay?: boolean };

/**
 * @param refusals the contract's failure for each code
 * @returns a function that turns a result into an answer: its body on success, otherwise its refusal. A replay has the header
 *   `Idempotency-Replayed`
 */
export const answerBy =
  <Code extends string>(refusals: Readonly<Record<Code, Pick<Failure, 'status' | 'code' | 'message'>>>) =>
  <Of extends Result<Code>>(
    result: Of,
    present: (done: Extract<Of, { ok: true }>) => unknown,
    status = 200,
  ): Answer => {
    const headers: Record<string, string> = result.isReplay ? { 'Idempotency-Replayed': 'true' } : {};
    if (!result.ok) return refusal(problemFailures, refusals[result.code], { headers });
    return { status, body: present(result as Extract<Of, { ok: true }>), headers };
  };
