import { z } from 'zod';
import { SCOPES, type RouteAccess } from '../declaration/access';
import type { FailureDeclaration } from '../declaration/failure-declaration';
import { integer, moment, name } from '../declaration/fields';
import { momentField } from '../declaration/moment-parameter';
import { after, limit, next } from '../declaration/paging';
import { declareRoute } from '../declaration/route';
import { bodyFailures, readFailures } from './notification-failures';

/** The form of a key's id: it is part of the key's text, in which `_` separates the parts. */
export const KEY_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Maximum length of a key's name, in characters. */
export const KEY_NAME_LENGTH_MAX = 100;

/** How long both secrets of a rotated key are valid, unless the request says otherwise, and at most. */
export const ROTATION_OVERLAP_HOURS = 24;
export const ROTATION_OVERLAP_HOURS_MAX = 720;

/** Every refusal of the key routes. */
export const KEY_FAILURES = {
  notFound: { status: 404, code: 'KEY_NOT_FOUND', message: 'There is no such key' },
  revoked: {
    status: 409,
    code: 'KEY_REVOKED',
    when: "the key is revoked; its id can't be used again",
    message: "The key is revoked, and its id can't be used again; choose another id",
  },
} as const satisfies Record<string, FailureDeclaration>;

const keyID = z
  .string()
  .regex(KEY_ID, 'must be 1 to 40 lower-case letters, digits and hyphens, and not start with a hyphen')
  .meta({ description: 'The key; also the owner of what is done with it', example: 'shop' });

const scope = z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` });

const keySchema = z
  .object({
    id: keyID,
    name: z.string().meta({ description: 'What the key is for', example: 'Back end of the shop' }),
    scopes: z.array(scope).meta({ description: 'What its holder may do', example: ['shop:write', 'wallet:read'] }),
    key: z.string().nullable().meta({
      description:
        'The key itself, to be sent as `X-API-Key`, in the answer to the request that created its secret; null in all other answers',
      example: 'souk_shop_0Ug3pVnXb9SgY1c4sQm7dTfRkZ2wJ8hLaEiOuPyNxC5',
    }),
    created_at: moment('When the key was created'),
    created_by: z.string().meta({ description: 'Who created it', example: 'key:operator' }),
    expires_at: moment('When the key stops working; null if it never does').nullable(),
    previous_secret_expires_at: moment(
      'When the secret from before the last rotation stops working; null if there is none',
    ).nullable(),
    revoked_at: moment('When the key was revoked; null if it is not').nullable(),
    last_used_at: moment('When the key was last used, to within a few minutes; null if it was never used').nullable(),
  })
  .meta({ id: 'ApiKey' });
export type KeyView = z.infer<typeof keySchema>;

const OPERATORS: RouteAccess = { scope: 'operator', customers: 'none', limit: 'admin' };
const READING_OPERATORS: RouteAccess = { ...OPERATORS, limit: 'read' };
const keyRouteBase = { tag: 'API keys', access: OPERATORS, params: z.object({ id: keyID }) } as const;

export const putKeyRoute = declareRoute({
  ...keyRouteBase,
  operationId: 'putKey',
  method: 'put',
  path: '/keys/:id',
  summary: 'Create an API key, change one, or rotate its secret',
  description:
    'The body replaces the name, the scopes and the expiry; what it omits gets its default. The answer shows the key only if this ' +
    'request created its secret, and never again. A rotation keeps the id, and the previous secret stays valid for `overlap_hours`; 0 ends all earlier secrets at once. If an earlier rotation has left a secret that is still valid, that ' +
    'one stays valid instead, and only the newest one is replaced. Running services learn of a change within seconds.',
  body: z.object({
    name: name(KEY_NAME_LENGTH_MAX, 'What the key is for; by default its id', 'Back end of the shop').optional(),
    scopes: z
      .array(scope, { error: 'must be a list of scopes' })
      .min(1, 'must have at least one scope')
      .max(SCOPES.length, `must have at most ${SCOPES.length} scopes`)
      .meta({ description: 'What its holder may do', example: ['shop:write', 'wallet:read'] }),
    expires_at: momentField('When the key stops working; without it, never').optional(),
    rotate_secret: z
      .boolean('must be true or false')
      .optional()
      .meta({ description: 'Creates a new secret for a key that exists', example: false }),
    overlap_hours: integer(
      0,
      ROTATION_OVERLAP_HOURS_MAX,
      'Hours for which the previous secret stays valid after a rotation',
      ROTATION_OVERLAP_HOURS,
    ).optional(),
  }),
  example: { name: 'Back end of the shop', scopes: ['shop:write', 'wallet:read'] },
  responses: { 200: { description: 'The key', body: keySchema }, ...bodyFailures(KEY_FAILURES.revoked) },
});

export const getKeyRoute = declareRoute({
  ...keyRouteBase,
  operationId: 'getKey',
  method: 'get',
  path: '/keys/:id',
  access: READING_OPERATORS,
  summary: 'An API key, without its secret',
  responses: { 200: { description: 'The key', body: keySchema }, ...readFailures(KEY_FAILURES.notFound) },
});

export const listKeysRoute = declareRoute({
  ...keyRouteBase,
  operationId: 'listKeys',
  method: 'get',
  path: '/keys',
  access: READING_OPERATORS,
  summary: 'All API keys by id, revoked ones included',
  params: z.object({}),
  query: z.object({ after, limit }),
  responses: {
    200: { description: 'A page of keys', body: z.object({ items: z.array(keySchema), next }).meta({ id: 'ApiKeys' }) },
    ...readFailures(),
  },
});

export const revokeKeyRoute = declareRoute({
  ...keyRouteBase,
  operationId: 'revokeKey',
  method: 'delete',
  path: '/keys/:id',
  summary: 'Revoke an API key for good',
  description: 'Every service refuses the key within 5 seconds. Revoking a revoked key has no further effect.',
  responses: { 200: { description: 'The revoked key', body: keySchema }, ...readFailures(KEY_FAILURES.notFound) },
});

/** Every route for API keys. */
export const KEY_ROUTES = [listKeysRoute, getKeyRoute, putKeyRoute, revokeKeyRoute] as const;
