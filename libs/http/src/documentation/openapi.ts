import {
  OpenApiGeneratorV31,
  OpenAPIRegistry,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import {
  adminScopeIn,
  RESPONSE_HEADERS,
  UNOWNED_KEY_LENGTH_MIN,
  type ResponseDeclaration,
  type RouteAccess,
  type RouteDeclaration,
} from '@souk/contracts';
import { z } from 'zod';

/** The heading of a service's documentation. */
export interface ServiceDescription {
  title: string;
  version: string;
  description: string;
}

const API_KEY = 'ApiKey';
const CUSTOMER_TOKEN = 'CustomerToken';

const KEY_DESCRIPTION =
  '1 to 255 visible characters, quoted or bare. The same key with the same body replays the first answer and has no second effect.';

/** @returns the header, with the minimum length of a key if the request may act for no party */
function idempotencyKeyOf({ actsForNoOneWhen: when }: RouteDeclaration) {
  const length = `At least ${UNOWNED_KEY_LENGTH_MIN} characters`;
  const rule = when === true ? ` ${length}.` : ` ${length} when ${when}.`;
  return z
    .string()
    .min(when === true ? UNOWNED_KEY_LENGTH_MIN : 1)
    .max(255)
    .optional()
    .meta({ description: when === undefined ? KEY_DESCRIPTION : KEY_DESCRIPTION + rule });
}

const preferHeader = z.string().optional().meta({
  description: '`respond-async`: do not wait. `wait=N`: wait up to N seconds, at most 60. Source: RFC 7240.',
});

/** The OpenAPI 3.1 document of a service's routes. The same routes always give the same document. */
export function buildOpenApi(service: ServiceDescription, routes: readonly RouteDeclaration[]) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', API_KEY, {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description:
      'An API key with the scope that the route names, or `ADMIN_API_KEY`, which has every admin scope. Where access is open, only ' +
      'admin scopes need a key, and only if `ADMIN_API_KEY` is set.',
  });
  registry.registerComponent('securitySchemes', CUSTOMER_TOKEN, {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      "A customer's token, which reaches only what belongs to that customer. An API key is accepted here too.",
  });
  for (const route of routes) registry.registerPath(describeRoute(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { ...service, license: { name: 'MIT', identifier: 'MIT' } },
    // Relative to `/documentation/openapi.json`, so that it also works behind a path prefix.
    servers: [{ url: '..', description: 'This service' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
  });
}

const ifMatchHeader = z.string().optional().meta({
  description:
    '`*`, or entity tags as in `ETag`, separated by commas. Weak tags never match. Source: RFC 9110, 13.1.1.',
});

function describeRoute(route: RouteDeclaration): RouteConfig {
  const headers = {
    ...(route.isIdempotent ? { 'Idempotency-Key': idempotencyKeyOf(route) } : {}),
    ...(route.takesPrefer ? { Prefer: preferHeader } : {}),
    ...(route.takesIfMatch ? { 'If-Match': ifMatchHeader } : {}),
  };
  return {
    operationId: route.operationId,
    method: route.method,
    path: route.path.replace(/:(\w+)/g, '{$1}'),
    tags: [route.tag],
    summary: route.summary,
    description: descriptionOf(route),
    security: securityOf(route.access),
    request: {
      params: route.params as z.ZodObject,
      query: route.query as z.ZodObject,
      headers: z.object(headers),
      ...(takesBody(route) ? { body: jsonBody(route) } : {}),
    },
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, response]) => [status, describeResponse(response)]),
    ),
  };
}

/** The alternatives: an API key with a scope, a customer's token, or neither where access is open. */
const securityOf = ({ scope, customers }: RouteAccess<never>): Record<string, string[]>[] => [
  { [API_KEY]: [scope] },
  ...(customers === 'none' ? [] : [{ [CUSTOMER_TOKEN]: [] }]),
  {},
];

function descriptionOf({ description, access }: RouteDeclaration): string {
  const { adminBodies } = access;
  const adminNote = adminBodies && `Requires the scope \`${adminScopeIn(access)}\` when ${adminBodies.when}.`;
  const limitNote = `Counts towards the \`${access.limit}\` rate limit.`;
  const parts = [description, adminNote, limitNote].filter((part) => part !== undefined);
  return parts.join(' ');
}

/** A route without a body declares `z.undefined()`. */
export const takesBody = (route: RouteDeclaration): boolean => !(route.body instanceof z.ZodUndefined);

/** A POST whose fields are all optional may have no body. */
export const isBodyOptional = ({ method, body }: RouteDeclaration): boolean =>
  method === 'post' && body.safeParse({}).success;

const jsonBody = (route: RouteDeclaration) => ({
  required: !isBodyOptional(route),
  content: { 'application/json': { schema: route.body, example: route.example } },
});

function describeResponse(response: ResponseDeclaration): ResponseConfig {
  const { description, body, contentType = 'application/json', headers = [], examples } = response;
  const namedExamples =
    examples && Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
  const schema = body ?? (response.contentType ? z.string() : undefined);
  return {
    description,
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers.map(describeHeader)) } : {}),
    ...(schema
      ? { content: { [contentType]: { schema, ...(namedExamples ? { examples: namedExamples } : {}) } } }
      : {}),
  };
}

const describeHeader = (name: keyof typeof RESPONSE_HEADERS) =>
  [name, { description: RESPONSE_HEADERS[name], schema: { type: 'string' as const } }] as const;
