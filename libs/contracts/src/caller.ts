import type { RouteDeclaration } from './route';

/** The caller of whoever gave the admin key: one key, one caller, also after the key was changed. */
export const ADMIN_CALLER = 'admin-key';
/** The caller of a request that names nobody. */
export const NOBODY = 'nobody';

/** As much of a request as tells who calls. */
interface CallerInput {
  params: unknown;
  body: unknown;
}

/**
 * Who calls, as far as it is known: the admin key where it was verified; without, whom the request acts for. An idempotency
 * key is theirs, on this route: the same key of somebody else is another one. No two callers have the same name.
 * @returns at most 108 characters
 */
export function callerOf(
  route: RouteDeclaration,
  input: CallerInput,
  { hasAdminKey }: { hasAdminKey: boolean },
): string {
  if (hasAdminKey) return ADMIN_CALLER;
  const party = route.actsFor?.(input);
  return party ? `${party.kind}:${party.id}` : NOBODY;
}
