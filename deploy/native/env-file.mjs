// @ts-check

/**
 * Reads `KEY=VALUE` lines: comments and blank lines are skipped, `export ` and one pair of quotes are taken off.
 *
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseEnvFile(text) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(line);
    if (match?.[1] !== undefined) values[match[1]] = plainValue(match[2] ?? '');
  }
  return values;
}

/** @param {string} raw */
function plainValue(raw) {
  const value = raw.trim();
  const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(value);
  if (quoted) return quoted[2] ?? '';
  return value.replace(/(^|\s+)#.*$/, '').trim();
}

/**
 * Sets values in the text of a settings file: in place where the key stands, else at its end. Nothing else changes.
 *
 * @param {string} text
 * @param {Record<string, string>} values
 */
export function withValues(text, values) {
  let result = text;
  for (const [key, value] of Object.entries(values)) {
    const line = `${key}=${/^[\w./:,@%+-]*$/.test(value) ? value : quote(value)}`;
    const existing = new RegExp(`^\\s*(?:export\\s+)?${key}\\s*=.*$`, 'm');
    if (existing.test(result)) result = result.replace(existing, () => line);
    else result += `${result === '' || result.endsWith('\n') ? '' : '\n'}${line}\n`;
  }
  return result;
}

/** @param {string} value */
function quote(value) {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
