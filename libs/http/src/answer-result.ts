import type { Answer } from './exchange';
import { problemFailures, type Failure } from './failure';
import { refusal } from './refusal';

/** What a use case came to; a refusal by its code. */
export type Result<Code extends string> =
  { ok: true; isReplay?: boolean } | { ok: false; code: Code; isReplay?: boolean };

/**
 * @param refusals of use cases, as the contract declares them
 * @returns what makes the answer to a result: its body where there is one, its refusal where not; either says when it is a
 * repeated one
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
