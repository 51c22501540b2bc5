import { LosslessNumber } from 'lossless-json';
import { createHash } from 'node:crypto';

/** JSON with sorted keys, no white space, and numbers by their source text. */
export function canonicalJson(value: unknown): string {
  if (value instanceof LosslessNumber) return value.value;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Names what a request asks for: two bodies are the same when their parsed JSON is, fields nobody knows included. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(body ?? null))
    .digest('base64url');
