import {
  isKeyLongEnough,
  parseIdempotencyKey,
  UNOWNED_KEY_LENGTH_MIN,
  type FieldErrorKind,
  type RouteDeclaration,
  type RouteInput,
} from '@souk/contracts';
import type { Request } from 'express';
import { parse as parseQuery } from 'node:querystring';
import type { z } from 'zod';
import { failures, HttpFailure } from '../response/failure';
import { fieldFailure, type FieldError } from './field-error';
import { fingerprintOf } from './fingerprint';
import { readJsonObject, readOptionalJsonObject, withoutNulls, type JsonObject } from './json-body';

interface ReadInput<Route extends RouteDeclaration> {
  input: RouteInput<Route>;
  idempotency: { key: string; fingerprint: string } | undefined;
}

/** `fieldless`: for a POST that has no fields. Its body is validated like any other but otherwise ignored. */
export type BodyRule = 'required' | 'optional' | 'fieldless' | 'none';

/** A route with everything needed to read its requests, computed once. */
export interface RouteReader<Route extends RouteDeclaration> {
  route: Route;
  body: BodyRule;
  /** The query parameters of the route. */
  queryNames: readonly string[];
  fieldErrorStatus: 400 | 422;
  /** Further validation, with rules that only the service knows; see `HttpApp.bind`. */
  check?: ((input: RouteInput<Route>) => void) | undefined;
}

/**
 * Reads and validates a whole request. Reports unknown parameters first, then a malformed body, then the errors of all fields
 * together, then those that `check` finds, then an invalid key.
 * @throws HttpFailure naming every error; ClientGone
 */
export async function readInput<Route extends RouteDeclaration>(
  reader: RouteReader<Route>,
  request: Request,
): Promise<ReadInput<Route>> {
  const { route, queryNames } = reader;
  const query = queryOf(request);
  requireKnownParameters(query, queryNames);
  const json = await readBodyBy(reader.body, request);

  const errors: FieldError[] = [];
  const input = {
    params: validate(route.params, request.params, errors),
    query: queryNames.length > 0 ? validate(route.query, query, errors) : {},
    body: json && validate(route.body, withoutNulls(json), errors),
  } as RouteInput<Route>;
  if (errors.length > 0) throw new HttpFailure(fieldFailure(errors, reader.fieldErrorStatus));
  reader.check?.(input);

  const idempotency = route.isIdempotent ? readKey(request, json) : undefined;
  if (idempotency && !isKeyLongEnough(route, input, idempotency.key))
    throw new HttpFailure(failures.invalid(KEY_TOO_SHORT));
  return { input, idempotency };
}

const KEY_TOO_SHORT = `Idempotency-Key must have at least ${UNOWNED_KEY_LENGTH_MIN} characters, because the request names no account, wallet or reference`;

async function readBodyBy(rule: BodyRule, request: Request): Promise<JsonObject | undefined> {
  if (rule === 'none') return undefined;
  if (rule === 'required') return readJsonObject(request);
  const json = await readOptionalJsonObject(request);
  return rule === 'optional' ? json : undefined;
}

function validate(schema: z.ZodType, value: unknown, errors: FieldError[]): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const field = issue.path.map(String).join('.');
    const kind: FieldErrorKind = (issue.code === 'custom' ? issue.params : undefined) ?? {};
    if (!errors.some((error) => error.field === field)) errors.push({ field, message: issue.message, kind });
  }
  return undefined;
}

function queryOf({ url }: Request): Record<string, unknown> {
  const start = url.indexOf('?');
  if (start === -1) return {};
  const query = url.slice(start + 1);
  try {
    if (query.includes('%')) decodeURIComponent(query);
  } catch {
    throw new HttpFailure(failures.invalid('The query is not percent-encoded UTF-8'));
  }
  return parseQuery(query, undefined, undefined, { maxKeys: 0 });
}

/** Maximum number of unknown parameters named in a refusal, and characters of each. */
const UNKNOWN_NAMED_MAX = 5;
const UNKNOWN_LENGTH_MAX = 100;

/** @throws HttpFailure 400 naming the unknown parameters and the valid ones */
function requireKnownParameters(query: Record<string, unknown>, knownNames: readonly string[]): void {
  const unknownNames = Object.keys(query).filter((name) => !knownNames.includes(name));
  if (unknownNames.length === 0) return;
  const shownNames = unknownNames.slice(0, UNKNOWN_NAMED_MAX).map((name) => name.slice(0, UNKNOWN_LENGTH_MAX));
  const valid = knownNames.length > 0 ? `valid ones are ${knownNames.join(', ')}` : 'this route takes none';
  const message = `Unknown query parameter: ${shownNames.join(', ')}; ${valid}`;
  const fields = shownNames.map((field) => ({ field, message: `is not a query parameter; ${valid}` }));
  throw new HttpFailure(failures.invalid(message, { fields }));
}

function readKey({ headers }: Request, json: JsonObject | undefined): ReadInput<RouteDeclaration>['idempotency'] {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  // If it is sent twice, the values arrive joined by a comma and a space, which no key contains.
  const key = typeof header === 'string' ? parseIdempotencyKey(header) : undefined;
  if (key === undefined) {
    throw new HttpFailure(
      failures.invalid('Idempotency-Key must be one key of 1 to 255 visible characters, quoted or bare'),
    );
  }
  return { key, fingerprint: fingerprintOf(json) };
}
