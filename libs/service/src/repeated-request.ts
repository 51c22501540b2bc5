/** The stored record of a first request: a job, a request with an idempotency key, or a stock change. */
interface FirstRequest {
  /** Of the request's body; undefined if the caller sent no key. */
  fingerprint: string | undefined;
  ageMs: number;
}

/** Why a repeat is refused: the first request had another body, or its answer is no longer kept. Nothing was done. */
export type KeyRefusal = 'IDEMPOTENCY_MISMATCH' | 'IDEMPOTENCY_EXPIRED';

/**
 * Decides how to answer a repeated request, wherever the first one is stored: with the first answer or a refusal. It never has a second effect.
 * @param fingerprint of the repeated request's body
 * @param answerKeptMs how long answers are replayed. Without a key, a repeat is a redelivery and is always replayed.
 */
export function decideRepeat(
  first: FirstRequest,
  fingerprint: string | undefined,
  answerKeptMs: number,
): 'replay' | KeyRefusal {
  if (first.fingerprint !== fingerprint) return 'IDEMPOTENCY_MISMATCH';
  return fingerprint !== undefined && first.ageMs > answerKeptMs ? 'IDEMPOTENCY_EXPIRED' : 'replay';
}
