/** The client's maximum wait for the outcome. */
export interface WaitPreference {
  /** Milliseconds; undefined if the client gave none. */
  waitMs?: number;
  /** For `Preference-Applied`. */
  applied?: string;
}

/** Seconds; a longer wait is shortened to this. */
const WAIT_MAX_S = 60;

const PREFERENCES = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]*/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"/;

/** @returns name and value of one preference, without its parameters; `undefined` if it is malformed */
function readPreference(text: string): [name: string, value: string] | undefined {
  const [name] = TOKEN.exec(text)!;
  let remaining = text.slice(name.length).trimStart();
  let value = '';
  if (remaining.startsWith('=')) {
    remaining = remaining.slice(1).trimStart();
    const [whole, quoted = whole] = QUOTED.exec(remaining) ?? TOKEN.exec(remaining)!;
    value = quoted;
    remaining = remaining.slice(whole.length).trimStart();
  }
  return name !== '' && (remaining === '' || remaining.startsWith(';')) ? [name.toLowerCase(), value] : undefined;
}

/**
 * Reads `Prefer: respond-async` (do not wait) and `Prefer: wait=N` (seconds); given both, the wait counts. Unknown
 * and malformed preferences are ignored; if one is repeated, the first counts. Source: RFC 7240.
 */
export function parsePrefer(header: string | undefined): WaitPreference {
  if (header === undefined) return {};
  const preferences = new Map<string, string>();
  for (const part of header.match(PREFERENCES) ?? []) {
    const [name, value] = readPreference(part.trimStart()) ?? [];
    if (name !== undefined && !preferences.has(name)) preferences.set(name, value!);
  }
  const wait = preferences.get('wait') ?? '';
  if (/^\d+$/.test(wait)) {
    const seconds = Math.min(Number(wait), WAIT_MAX_S);
    return { waitMs: seconds * 1_000, applied: `wait=${seconds}` };
  }
  // In RFC 7240, `respond-async` has no value; an empty one means the same.
  return preferences.get('respond-async') === '' ? { waitMs: 0, applied: 'respond-async' } : {};
}
