import type { RouteDeclaration } from '@souk/contracts';
import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';

export interface Reply<Body = unknown> {
  status: number;
  /** The raw body, to check how numbers are written. */
  text: string;
  body: Body;
  headers: Headers;
}

export interface Sent {
  /** A string is sent unchanged, as JSON text. */
  body?: unknown;
  /** An `Idempotency-Key`. */
  key?: string | undefined;
  /** `null` sends none, for a client that sends its own key by default. */
  adminKey?: string | null | undefined;
  headers?: Record<string, string>;
}

export type Ask<Body = unknown> = (call: `${string} /${string}`, sent?: Sent) => Promise<Reply<Body>>;

const JSON_TYPE = 'application/json; charset=utf-8';
const SEGMENT = '[^/]+';

/**
 * @param routes the routes of the API at `url`
 * @returns a client that checks each reply against its route's declaration: status, media type, body and replay header. A reply
 * for which no route is declared is returned unchecked
 */
export const askRoutes =
  <Body = unknown>(url: string, routes: readonly RouteDeclaration[]): Ask<Body> =>
  async (call, { body, key, adminKey, headers } = {}) => {
    const [method, path] = call.split(' ') as [string, string];
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(adminKey ? { 'x-api-key': adminKey } : {}),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const reply = { status: response.status, text, body: JSON.parse(text) as Body, headers: response.headers };
    const route = routes.find((candidate) => matchesRequest(candidate, method, path));
    // On a 405 the path belongs to another route without this method, although it also matches this route's parameters.
    if (route && response.status !== 405) requireDeclared(route, reply);
    return reply;
  };

function matchesRequest(route: RouteDeclaration, method: string, path: string): boolean {
  const pathname = path.replace(/\?.*$/, '').replace(/\/$/, '');
  const pattern = route.path.replace(/\/$/, '').replace(/:\w+/g, SEGMENT);
  return route.method.toUpperCase() === method && new RegExp(`^${pattern}$`).test(pathname);
}

function requireDeclared({ operationId, responses }: RouteDeclaration, { status, text, body, headers }: Reply): void {
  const declared = responses[status];
  if (!declared) throw new Error(`${operationId} does not declare ${status}: ${text}`);
  const type = declared.contentType ?? JSON_TYPE;
  if (headers.get('content-type') !== type)
    throw new Error(`${operationId} ${status} has a content type other than ${type}`);
  const { error } = (declared.body as z.ZodType).safeParse(body);
  if (error) throw new Error(`${operationId} ${status} doesn't match its declaration: ${text}: ${error.message}`);
  if (headers.has('idempotency-replayed') && status === 200 && !declared.headers?.includes('Idempotency-Replayed'))
    throw new Error(`${operationId} does not declare the header Idempotency-Replayed`);
}

/** A complete problem document (RFC 9457). */
export const problem = (status: number, code: string, detail: unknown, details: Record<string, unknown> = {}) => ({
  type: 'about:blank',
  title: STATUS_CODES[status],
  status,
  detail,
  code,
  ...details,
});
