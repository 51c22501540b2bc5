/** What is known of the first request with an id: a job's, an idempotency key's, or a stock change's. */
interface FirstRequest {
  /** Of its body; undefined if the caller gave no key. */
  fingerprint: string | undefined;
  ageMs: number;
}

/** Why a repeat is refused: the first request had another body, or its answer is no longer kept. Nothing was done. */
export type KeyRefusal = 'IDEMPOTENCY_MISMATCH' | 'IDEMPOTENCY_EXPIRED';

/**
 * Decides what a repeated request gets, wherever the first one is stored: the first answer or a refusal, never a second effect.
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
