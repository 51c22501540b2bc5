import type { RouteDeclaration } from '@souk/contracts';
import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';

export interface Reply<Body = unknown> {
  status: number;
  /** As it came, to see how numbers are written. */
  text: string;
  body: Body;
  headers: Headers;
}

export interface Sent {
  /** JSON text goes out as it stands. */
  body?: unknown;
  /** An `Idempotency-Key`. */
  key?: string | undefined;
  /** `null`: none, where the client has one of its own. */
  adminKey?: string | null | undefined;
  headers?: Record<string, string>;
}

export type Ask<Body = unknown> = (call: `${string} /${string}`, sent?: Sent) => Promise<Reply<Body>>;

const JSON_TYPE = 'application/json; charset=utf-8';
const SEGMENT = '[^/]+';

/**
 * @param routes of the API at `url`
 * @returns a client that holds every answer to what its route declares: status, media type, body, and whether it says that it
 * replays. What no route declares comes as it is
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
    const route = routes.find((each) => isRouteOf(each, method, path));
    // A path without this method may be another route's with its parameters filled.
    if (route && response.status !== 405) requireDeclared(route, reply);
    return reply;
  };

function isRouteOf(route: RouteDeclaration, method: string, path: string): boolean {
  const bare = path.replace(/\?.*$/, '').replace(/\/$/, '');
  const pattern = route.path.replace(/\/$/, '').replace(/:\w+/g, SEGMENT);
  return route.method.toUpperCase() === method && new RegExp(`^${pattern}$`).test(bare);
}

function requireDeclared({ operationId, responses }: RouteDeclaration, { status, text, body, headers }: Reply): void {
  const declared = responses[status];
  if (!declared) throw new Error(`${operationId} does not declare ${status}: ${text}`);
  const type = declared.contentType ?? JSON_TYPE;
  if (headers.get('content-type') !== type)
    throw new Error(`${operationId} ${status} came as another type than ${type}`);
  const { error } = (declared.body as z.ZodType).safeParse(body);
  if (error) throw new Error(`${operationId} ${status} is not as declared: ${text}: ${error.message}`);
  if (headers.has('idempotency-replayed') && status === 200 && !declared.headers?.includes('Idempotency-Replayed'))
    throw new Error(`${operationId} does not declare that it replays`);
}

/** What a problem (RFC 9457) is, whole. */
export const problem = (status: number, code: string, detail: unknown, details: Record<string, unknown> = {}) => ({
  type: 'about:blank',
  title: STATUS_CODES[status],
  status,
  detail,
  code,
  ...details,
});
