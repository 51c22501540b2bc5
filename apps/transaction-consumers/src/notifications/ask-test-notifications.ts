import { NOTIFICATION_ROUTES, type RouteDeclaration } from '@souk/contracts';
import type { z } from 'zod';
import { ADMIN_KEY } from './start-test-notifications';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

export type Ask = (call: `${string} /${string}`, sent?: { body?: unknown; adminKey?: string | null }) => Promise<Reply>;

const JSON_TYPE = 'application/json; charset=utf-8';

/** @returns a client that has the admin key, and holds every answer to what its route declares */
export const askNotifications =
  (url: string): Ask =>
  async (call, { body, adminKey = ADMIN_KEY } = {}) => {
    const [method, path] = call.split(' ') as [string, string];
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(adminKey === null ? {} : { 'x-api-key': adminKey }),
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const reply = { status: response.status, body: (await response.json()) as Record<string, unknown> };
    requireDeclared(routeOf(method, path), reply, response.headers.get('content-type'));
    return reply;
  };

function routeOf(method: string, path: string): RouteDeclaration {
  const bare = path.replace(/\?.*$/, '');
  const routes: readonly RouteDeclaration[] = NOTIFICATION_ROUTES;
  const route = routes.find(
    (each) => each.method.toUpperCase() === method && new RegExp(`^${each.path.replace(/:\w+/g, '[^/]+')}$`).test(bare),
  );
  if (!route) throw new Error(`there is no route ${method} ${path}`);
  return route;
}

function requireDeclared({ operationId, responses }: RouteDeclaration, { status, body }: Reply, type: string | null) {
  const declared = responses[status];
  if (!declared) throw new Error(`${operationId} does not declare ${status}: ${JSON.stringify(body)}`);
  if (type !== (declared.contentType ?? JSON_TYPE)) throw new Error(`${operationId} ${status} came as ${type}`);
  const { error } = (declared.body as z.ZodType).safeParse(body);
  if (error) throw new Error(`${operationId} ${status} is not as declared: ${JSON.stringify(body)}: ${error.message}`);
}
