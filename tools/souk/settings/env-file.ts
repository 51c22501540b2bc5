import { Failure } from '../console/failure';

/** Reads `KEY=VALUE` lines: comments and blank lines are skipped, `export ` and one pair of quotes are removed. */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(line);
    if (match?.[1] !== undefined) values[match[1]] = plainValue(match[2] ?? '');
  }
  return values;
}

function plainValue(raw: string): string {
  const value = raw.trim();
  const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(value);
  if (quoted) return quoted[2] ?? '';
  return value.replace(/(^|\s+)#.*$/, '').trim();
}

/**
 * Sets values in the text of a settings file: in place if the key exists, else at the end. Nothing else changes.
 * @throws Failure if a value can't be written so that it reads back unchanged
 */
export function withValues(text: string, values: Record<string, string>): string {
  let result = text;
  for (const [key, value] of Object.entries(values)) {
    const line = `${key}=${writtenValue(key, value)}`;
    // Replaces every line of the key, because the last one counts when the file is read.
    const existing = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${key}[ \\t]*=.*$`, 'gm');
    if (result.search(existing) >= 0) result = result.replace(existing, () => line);
    else result += `${result === '' || result.endsWith('\n') ? '' : '\n'}${line}\n`;
  }
  return result;
}

function writtenValue(key: string, value: string): string {
  if (/^[\w./:,@%+-]*$/.test(value)) return value;
  // Prefers quotes that the value doesn't contain: other readers of the file stop at the next such quote.
  const quotes = value.includes("'") ? ['"', "'"] : ["'", '"'];
  const written = quotes.map((quote) => quote + value + quote).find((text) => plainValue(text) === value);
  if (written !== undefined) return written;
  throw new Failure(`${key} can't have this value: it contains line breaks, or quotes of both kinds and a #.`);
}
