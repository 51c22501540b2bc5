import { WALLET_API_ROUTES, type RouteDeclaration } from '@souk/contracts';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';

export interface Reply {
  status: number;
  /** As it came, to see how numbers are written. */
  text: string;
  body: Record<string, unknown>;
  headers: Headers;
}

export interface Sent {
  /** JSON text goes out as it stands. */
  body?: unknown;
  /** An `Idempotency-Key`. */
  key?: string;
  adminKey?: string;
  headers?: Record<string, string>;
}

export type Ask = (call: `${string} /${string}`, sent?: Sent) => Promise<Reply>;

const JSON_TYPE = 'application/json; charset=utf-8';
const SEGMENT = '[^/]+';

/** @returns a client of the Wallet API that holds every answer to what its route declares, or to what all routes have */
export const askWallet =
  (url: string): Ask =>
  async (call, { body, key, adminKey, headers } = {}) => {
    const [method, path] = call.split(' ') as [string, string];
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(adminKey === undefined ? {} : { 'x-api-key': adminKey }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const reply = {
      status: response.status,
      text,
      body: JSON.parse(text) as Record<string, unknown>,
      headers: response.headers,
    };
    const route = routeOf(method, path);
    if (route) requireDeclared(route, reply);
    return reply;
  };

function routeOf(method: string, path: string): RouteDeclaration | undefined {
  const bare = path.replace(/\?.*$/, '').replace(/\/$/, '');
  const routes: readonly RouteDeclaration[] = WALLET_API_ROUTES;
  return routes.find(
    (route) =>
      route.method.toUpperCase() === method &&
      new RegExp(`^${route.path.replace(/\/$/, '').replace(/:\w+/g, SEGMENT)}$`).test(bare),
  );
}

function requireDeclared({ operationId, responses }: RouteDeclaration, { status, text, body, headers }: Reply): void {
  const declared = responses[status];
  if (!declared) throw new Error(`${operationId} does not declare ${status}: ${text}`);
  const type = declared.contentType ?? JSON_TYPE;
  if (headers.get('content-type') !== type)
    throw new Error(`${operationId} ${status} came as another type than ${type}`);
  const { error } = (declared.body as z.ZodType).safeParse(body);
  if (error) throw new Error(`${operationId} ${status} is not as declared: ${text}: ${error.message}`);
  if (headers.has('idempotency-replayed') && status === 200 && !declared.headers?.includes('Idempotency-Replayed')) {
    throw new Error(`${operationId} does not declare that it replays`);
  }
}

/** What a problem is, whole. */
export const problem = (status: number, title: string, code: string, detail: unknown) => ({
  type: 'about:blank',
  title,
  status,
  detail,
  code,
});

/** An account with its wallet, of a reference of its own. */
export async function opened(ask: Ask, initialBalance = '0.00', adminKey?: string) {
  const reference = `r-${randomUUID()}`;
  const body = { name: 'Ada', reference, initial_balance: initialBalance };
  const reply = await ask('POST /accounts', { body, ...(adminKey === undefined ? {} : { adminKey }) });
  if (reply.status !== 200) throw new Error(reply.text);
  const { id, wallet } = reply.body as { id: string; wallet: { id: string } };
  return { accountId: id, walletId: wallet.id, reference };
}
