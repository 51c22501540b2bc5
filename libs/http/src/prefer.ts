/** How long a client is ready to wait for the outcome. */
export interface WaitPreference {
  /** Milliseconds; absent when the client did not say. */
  waitMs?: number;
  /** For `Preference-Applied`. */
  applied?: string;
}

/** Seconds; who asks for more gets this. */
const WAIT_MAX_S = 60;

const PREFERENCES = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const PREFERENCE = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w-]*)))?\s*(?:;|$)/;

/**
 * Reads `Prefer: respond-async` (do not wait) and `Prefer: wait=N` (seconds); given both, the wait counts. What is not known
 * or not well formed is ignored, and of one that comes twice the first counts. Source: RFC 7240.
 */
export function parsePrefer(header: string | undefined): WaitPreference {
  if (header === undefined) return {};
  const preferences = new Map<string, string>();
  for (const part of header.match(PREFERENCES) ?? []) {
    const [, name, quoted, token] = PREFERENCE.exec(part) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && !preferences.has(key)) preferences.set(key, quoted ?? token ?? '');
  }
  const wait = preferences.get('wait') ?? '';
  if (/^\d+$/.test(wait)) {
    const seconds = Math.min(Number(wait), WAIT_MAX_S);
    return { waitMs: seconds * 1_000, applied: `wait=${seconds}` };
  }
  // RFC 7240 gives it no value; an empty one means the same.
  return preferences.get('respond-async') === '' ? { waitMs: 0, applied: 'respond-async' } : {};
}
