import { type ApiKey, type KeyStore } from '@souk/access';
import {
  getKeyRoute,
  KEY_FAILURES,
  listKeysRoute,
  putKeyRoute,
  revokeKeyRoute,
  ROTATION_OVERLAP_HOURS,
  type KeyView,
} from '@souk/contracts';
import { failureAnswer, problemFailures, type Answer, type HttpApp } from '@souk/http';
import { bindWhenReady } from '../bind-when-ready';

const HOUR_MS = 3_600_000;

interface KeyRouteDeps {
  keys: KeyStore;
  /** @throws AppError `unavailable` until the schema of the keys is migrated */
  requireReady(): void;
}

/** Binds the contract (libs/contracts, key-routes) to the store of the keys. */
export function bindKeyRoutes(http: HttpApp, { keys, requireReady }: KeyRouteDeps): void {
  const bind = bindWhenReady(http, requireReady);

  bind(putKeyRoute, async ({ params: { id }, body }, { caller }) => {
    const result = await keys.put({
      id,
      name: body.name ?? id,
      scopes: body.scopes,
      expiresAt: body.expires_at === undefined ? undefined : new Date(body.expires_at),
      rotate: body.rotate_secret ? { overlapMs: (body.overlap_hours ?? ROTATION_OVERLAP_HOURS) * HOUR_MS } : undefined,
      actor: caller.actor!, // only holders of keys have the scope
    });
    if (!result.ok) return failureAnswer(problemFailures, KEY_FAILURES.revoked);
    return { status: 200, body: presentKey(result.key, result.text) };
  });

  bind(getKeyRoute, async ({ params }) => answerKey(await keys.find(params.id)));

  bind(revokeKeyRoute, async ({ params }) => answerKey(await keys.revoke(params.id)));

  bind(listKeysRoute, async ({ query: { after, limit } }) => {
    const found = await keys.list({ after, limit: limit + 1 });
    const items = found.slice(0, limit).map((key) => presentKey(key));
    return { status: 200, body: { items, next: found.length > limit ? items.at(-1)!.id : null } };
  });
}

const answerKey = (key: ApiKey | undefined): Answer =>
  key ? { status: 200, body: presentKey(key) } : failureAnswer(problemFailures, KEY_FAILURES.notFound);

const presentMoment = (moment: Date | undefined) => moment?.toISOString() ?? null;

/** @param text the key with its secret, if this request created it */
export const presentKey = (key: ApiKey, text: string | null = null): KeyView => ({
  id: key.id,
  name: key.name,
  scopes: [...key.scopes],
  key: text,
  created_at: key.createdAt.toISOString(),
  created_by: key.createdBy,
  expires_at: presentMoment(key.expiresAt),
  previous_secret_expires_at: presentMoment(key.secrets[1]?.expiresAt),
  revoked_at: presentMoment(key.revokedAt),
  last_used_at: presentMoment(key.lastUsedAt),
});
