import { LosslessNumber } from 'lossless-json';
import { createHash } from 'node:crypto';

/** JSON with sorted keys, no white space, and numbers as their source text. */
function canonicalJson(value: unknown): string {
  if (value instanceof LosslessNumber) return value.value;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Identifies the content of a request. Two bodies are the same if their parsed JSON is, including unknown fields. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(body ?? null))
    .digest('base64url');
