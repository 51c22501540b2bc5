import { z } from 'zod';
import type { RouteAccess } from './access';

export type HttpMethod = 'get' | 'post' | 'put' | 'delete';

/** A response that a route declares for one status. */
export interface ResponseDeclaration {
  description: string;
  /** Absent if the answer has no JSON body. */
  body?: z.ZodType;
  contentType?: string;
  /** The schema of the `data` of a stream's events. */
  eventData?: z.ZodType;
  headers?: readonly ResponseHeader[];
  examples?: Record<string, unknown>;
}

/** Response headers that are meant for clients; CORS exposes them. */
export const RESPONSE_HEADERS = {
  Location: 'The URL of the order',
  'Retry-After': 'Seconds to wait before trying again',
  RateLimit:
    'What is left of the limit that the request counts towards: `"cart";r=99;t=12`, 99 requests within 12 seconds',
  'RateLimit-Policy': 'The limit that the request counts towards: `"cart";q=6000;w=60`, 6000 requests per 60 seconds',
  'Idempotency-Replayed': '`true`: this is the answer to an earlier request with the same key',
  'Preference-Applied': 'The part of `Prefer` that was honoured',
  ETag: 'The version of the resource, for `If-Match`',
  Allow: 'The methods that this path supports',
  'WWW-Authenticate': 'How to authenticate',
} as const;
export type ResponseHeader = keyof typeof RESPONSE_HEADERS;

/** The party that a request acts for; no two parties have the same kind and id. */
export interface Party {
  /** `reference`: a new account, identified by its reference. `webhook`: the webhook of the account with this id. */
  kind: 'account' | 'wallet' | 'reference' | 'machine' | 'webhook' | 'client' | 'order' | 'product';
  id: string;
}

/** A route, declared once: registration, validation, types and OpenAPI are derived from it. */
export interface RouteDeclaration<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> {
  operationId: string;
  method: HttpMethod;
  /** Express path, e.g. `/orders/:orderID` */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  params: Params;
  query: Query;
  body: Body;
  /** An example body for the documentation; it works as is with the seeded shop. */
  example?: unknown;
  /** Takes `Idempotency-Key`. This requires `actsFor`, from which the scope of a key is derived: see `keyScopeOf`. */
  isIdempotent?: boolean;
  /** Changes something even though it is a GET, which HTTP forbids; for old clients. HEAD, which would do the same, is refused. */
  changesOnGet?: boolean;
  /** Takes `Prefer: respond-async` and `Prefer: wait=N`. */
  takesPrefer?: boolean;
  /** Takes `If-Match`: the request is refused unless the resource has one of these versions. */
  takesIfMatch?: boolean;
  access: RouteAccess<z.output<Body>>;
  /** The party that a request acts for, if it names one: see `keyScopeOf`, `callerOf` and `access`. */
  actsFor?(input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> }): Party | undefined;
  /** When a request acts for no party: `true` means always; otherwise, words to follow "when". Absent if it never does. */
  actsForNoOneWhen?: true | string;
  responses: Record<number, ResponseDeclaration>;
}

const noFields = z.object({});

/** Declares a route; params, query and body are empty by default. */
export function declareRoute<
  Params extends z.ZodType = typeof noFields,
  Query extends z.ZodType = typeof noFields,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declaration: Omit<RouteDeclaration<Params, Query, Body>, 'params' | 'query' | 'body'> & {
    params?: Params;
    query?: Query;
    body?: Body;
  },
): RouteDeclaration<Params, Query, Body> {
  return {
    ...declaration,
    params: declaration.params ?? (noFields as unknown as Params),
    query: declaration.query ?? (noFields as unknown as Query),
    body: declaration.body ?? (z.undefined() as unknown as Body),
  };
}

/** The validated input of a handler. */
export interface RouteInput<Route extends RouteDeclaration> {
  params: z.output<Route['params']>;
  query: z.output<Route['query']>;
  body: z.output<Route['body']>;
}

const KEY = /^(?:[\x21\x23-\x7e][\x21-\x7e]{0,254}|"[\x21\x23-\x5b\x5d-\x7e]{1,255}")$/;

/**
 * Reads an `Idempotency-Key`: 1 to 255 visible characters, bare or in quotes; the quotes are not part of it.
 * Source: draft-ietf-httpapi-idempotency-key-header (quoted), and the bare form that most clients send.
 * @returns the key, or `undefined` if it is invalid
 */
export function parseIdempotencyKey(header: string): string | undefined {
  if (!KEY.test(header)) return undefined;
  const isQuoted = header.length >= 2 && header.startsWith('"') && header.endsWith('"');
  return isQuoted ? header.slice(1, -1) || undefined : header;
}
