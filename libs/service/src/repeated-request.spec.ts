import { decideRepeat } from './repeated-request';

const KEPT_MS = 1_000;

test('a repeat with the same body is replayed for as long as answers are kept', () => {
  expect(decideRepeat({ fingerprint: 'a', ageMs: KEPT_MS }, 'a', KEPT_MS)).toBe('replay');
  expect(decideRepeat({ fingerprint: 'a', ageMs: KEPT_MS + 1 }, 'a', KEPT_MS)).toBe('IDEMPOTENCY_EXPIRED');
});

test('a repeat with another body, or with a key if the first had none, is a mismatch at any age', () => {
  expect(decideRepeat({ fingerprint: 'a', ageMs: 0 }, 'b', KEPT_MS)).toBe('IDEMPOTENCY_MISMATCH');
  expect(decideRepeat({ fingerprint: 'a', ageMs: KEPT_MS + 1 }, 'b', KEPT_MS)).toBe('IDEMPOTENCY_MISMATCH');
  expect(decideRepeat({ fingerprint: undefined, ageMs: 0 }, 'a', KEPT_MS)).toBe('IDEMPOTENCY_MISMATCH');
  expect(decideRepeat({ fingerprint: 'a', ageMs: 0 }, undefined, KEPT_MS)).toBe('IDEMPOTENCY_MISMATCH');
});

test('a redelivered job without a key is replayed at any age', () => {
  expect(decideRepeat({ fingerprint: undefined, ageMs: KEPT_MS + 1 }, undefined, KEPT_MS)).toBe('replay');
});
