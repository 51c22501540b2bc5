const STRING = /'(?:[^'\\]|\\.|'')*'|x'[0-9a-f]*'/gi;
const NUMBER = /\b\d+(?:\.\d+)?\b/g;
const LIST = /\(\s*\?(?:\s*,\s*\?)+\s*\)/g;

/** @returns the statement without its values and without repetitions, so that statements that differ only in those become equal */
export function normalise(sql: string): string {
  let text = sql.replace(STRING, '?').replace(NUMBER, '?').replace(/\s+/g, ' ').trim().replace(LIST, '(…)');
  // IN (?) with one value is a list too.
  text = text.replace(/\bIN \(\?\)/gi, 'IN (…)');
  text = text.replace(/(\([^()]*(?:\([^()]*\)[^()]*)*\))(?:\s*,\s*\1)+/g, '$1, …');
  text = text.replace(/(\([^()]*(?:\([^()]*\)[^()]*)*\))(?: OR \1)*/g, '$1');
  return text.replace(/(WHEN \? THEN \? ?)+/g, 'WHEN ? THEN ? … ');
}
