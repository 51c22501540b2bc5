import { ATM_API_ROUTES, LEGACY_MAINTENANCE_ROUTES, type RouteDeclaration } from '@souk/contracts';
import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';

export interface Reply {
  status: number;
  /** As it came, to see how numbers are written. */
  text: string;
  body: unknown;
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

/** @returns a client of the ATM API that holds every answer to what its route declares */
export const askAtm =
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
    const reply = { status: response.status, text, body: JSON.parse(text) as unknown, headers: response.headers };
    const route = routeOf(method, path);
    if (route && response.status !== 405) requireDeclared(route, reply);
    return reply;
  };

function routeOf(method: string, path: string): RouteDeclaration | undefined {
  const bare = path.replace(/\?.*$/, '').replace(/\/$/, '');
  return [...ATM_API_ROUTES, ...LEGACY_MAINTENANCE_ROUTES].find(
    (route) =>
      route.method.toUpperCase() === method && new RegExp(`^${route.path.replace(/:\w+/g, SEGMENT)}$`).test(bare),
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
  if (headers.has('idempotency-replayed') && status === 200 && !declared.headers?.includes('Idempotency-Replayed'))
    throw new Error(`${operationId} does not declare that it replays`);
}

/** What a problem is, whole. */
export const problem = (status: number, code: string, detail: unknown, details: Record<string, unknown> = {}) => ({
  type: 'about:blank',
  title: STATUS_CODES[status],
  status,
  detail,
  code,
  ...details,
});

interface Entry {
  type: string;
  status: string | null;
  amount: number;
  pieces: Record<string, number>;
  change: Record<string, number>;
  sequence: number;
  idempotency_key: string | null;
}

/** The whole journal, oldest first, read page by page. */
export async function readWholeJournal(ask: Ask, path = '/atm/journal', limit = 500): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after = ''; ;) {
    const reply = await ask(`GET ${path as '/'}?limit=${limit}${after && `&after=${after}`}`);
    const { items, next } = reply.body as { items: Entry[]; next: string | null };
    entries.push(...items);
    if (next === null) return entries.reverse();
    after = next;
  }
}

/** @returns the stock by what the journal says, without what is empty */
export function stockByJournal(entries: readonly Pick<Entry, 'change'>[]): Record<string, number> {
  const stock: Record<string, number> = {};
  for (const { change } of entries)
    for (const [text, by] of Object.entries(change)) stock[text] = (stock[text] ?? 0) + by;
  return Object.fromEntries(Object.entries(stock).filter(([, count]) => count !== 0));
}

/** @returns the stock as the inventory tells it */
export async function stockByInventory(ask: Ask, path = '/atm/inventory'): Promise<Record<string, number>> {
  const { result } = (await ask(`GET ${path as '/'}`)).body as {
    result: Record<'bills' | 'coins', Record<string, number>>;
  };
  return { ...result.bills, ...result.coins };
}
