import { LosslessNumber, parse } from 'lossless-json';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { failures, HttpFailure } from '../response/failure';
import { hasBody, readBody } from './body-reader';

/** A JSON object whose numbers keep their source text (`LosslessNumber`). */
export type JsonObject = Record<string, unknown>;

const JSON_TYPE = /^(?:application\/json|[\w!#$&^.+-]+\/[\w!#$&^.+-]+\+json)[ \t]*(?:;(.*))?$/i;
const CHARSET = /(?:^|;)[ \t]*charset[ \t]*=[ \t]*(?:"([^"]*)"|([^;\s]*))/i;
/** Maximum nesting of arrays and objects; no contract has more than three levels. */
const DEPTH_MAX = 32;
const BYTE_ORDER_MARK = 0xfeff;

const unsupported = (message: string) => new HttpFailure(failures.unsupportedMediaType(message));
const unreadable = (message: string) => new HttpFailure(failures.invalid(message));

/**
 * Reads the JSON object in a request's body.
 * @throws HttpFailure 415, 413 or 400, in this order; ClientGone
 */
export async function readJsonObject(request: IncomingMessage): Promise<JsonObject> {
  if (!hasBody(request)) throw unreadable('A body is required: a JSON object');
  requireJson(request);
  return parseJsonObject(await readBody(request));
}

/**
 * Reads a body that may be missing, empty or without a content type.
 * @returns an empty object if there is no body
 * @throws the same as `readJsonObject`
 */
export async function readOptionalJsonObject(request: IncomingMessage): Promise<JsonObject> {
  if (!hasBody(request)) return {};
  const check = () => requireJson(request, { isTypeOptional: true });
  // A body without a declared length may turn out to be empty; then its type doesn't matter.
  if (request.headers['content-length'] !== undefined) check();
  const bytes = await readBody(request);
  if (bytes.length === 0) return {};
  check();
  return parseJsonObject(bytes);
}

/** @throws HttpFailure 415 */
export function requireJson({ headers }: IncomingMessage, { isTypeOptional = false } = {}): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw unsupported('The body must not be compressed');
  }
  const contentType = headers['content-type'];
  if (contentType === 'application/json' || (isTypeOptional && contentType === undefined)) return;
  const parameters = JSON_TYPE.exec(contentType ?? '');
  if (!parameters) throw unsupported('The content type must be application/json');
  const charset = CHARSET.exec(parameters[1] ?? '');
  if (charset && !/^utf-?8$/i.test(charset[1] ?? charset[2]!)) throw unsupported('The charset must be utf-8');
}

/** @throws HttpFailure 400 */
export function parseJsonObject(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw unreadable('The body is not UTF-8');
  const text = bytes.toString('utf8');
  const value = parseJson(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  if (!isObject(value)) throw unreadable('The body must be a JSON object');
  if (!isShallow(value, DEPTH_MAX)) throw unreadable('The body is nested too deeply');
  return value;
}

function parseJson(text: string): unknown {
  const value =
    tryToParse(text) ?? (MAY_HAVE_NON_JSON_NUMBERS.test(text) ? tryToParse(withReadableNumbers(text)) : undefined);
  if (value === undefined) throw unreadable('The body is not valid JSON');
  return value;
}

/** @returns `undefined` if the text is not JSON */
function tryToParse(text: string): unknown {
  try {
    // The last value of a duplicate key counts, as in `JSON.parse`; `__proto__` is a key like any other.
    return parse(text, null, { onDuplicateKey: ({ newValue }) => newValue });
  } catch {
    // Not only syntax errors: 64 KiB of brackets overflow the stack, which throws a RangeError.
    return undefined;
  }
}

/**
 * Numbers that JSON doesn't allow but that some clients write anyway, such as Python's `json.dumps`. Each is read as a number that
 * no field accepts: its exponent makes it an invalid amount, its size an invalid integer. So the answer names the invalid field
 * instead of refusing the whole body.
 */
const NON_JSON_NUMBERS: Record<string, string> = {
  NaN: '9e999999999',
  Infinity: '1e999999999',
  '-Infinity': '-1e999999999',
};
const MAY_HAVE_NON_JSON_NUMBERS = /NaN|Infinity/;
/** A string, which is left unchanged, or one of these numbers as a value. An unterminated string is scanned only once. */
const STRING_OR_NON_JSON_NUMBER = /"(?:[^"\\]|\\[^]?)*(?:"|$)|(?<=[[:,\s])(?:NaN|-?Infinity)(?=[\s,\]}])/g;

const withReadableNumbers = (text: string) =>
  text.replace(STRING_OR_NON_JSON_NUMBER, (token) => NON_JSON_NUMBERS[token] ?? token);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof LosslessNumber) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

/** The object without its `null` fields, which count as absent. */
export function withoutNulls(object: JsonObject): JsonObject {
  const entries = Object.entries(object);
  return entries.some(([, value]) => value === null)
    ? Object.fromEntries(entries.filter(([, value]) => value !== null))
    : object;
}
