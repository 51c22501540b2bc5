import type { createRemoteJWKSet, JWTVerifyGetKey } from 'jose';

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

/** Older keys are fetched again before they are used, so that the issuer can withdraw one. */
const REFRESH_MS = 600_000;
/** How long fetched keys are trusted while the issuer doesn't respond. */
const TRUSTED_MS = 3_600_000;
/** The shortest time between two fetches that unknown values of `kid` cause. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;
/** The shortest time between two fetches. */
const FETCH_PAUSE_MS = 5_000;
const FETCH_TIMEOUT_MS = 3_000;

/**
 * The public keys of an issuer of tokens, fetched from its JWKS URL.
 * @returns the key that signed a token; throws an error of `jose` if there is none, and any other error if the keys can't be fetched
 */
export function createIssuerKeys(url: string, nowMs: () => number): JWTVerifyGetKey {
  let fetchedAtMs = -Infinity;
  let refreshedAtMs = nowMs();
  let refreshing: Promise<void> | undefined;
  /** Spaces all fetches, because an answer that can't be used causes another one. */
  const fetchKeys = async (...args: Parameters<typeof fetch>) => {
    if (nowMs() - fetchedAtMs < FETCH_PAUSE_MS) throw new Error('the keys were fetched a moment ago');
    fetchedAtMs = nowMs();
    return fetch(...args);
  };

  const create = async (): Promise<RemoteKeys> => {
    // `jose` is an ES module, which this CommonJS bundle can only load in this way.
    const jose = await import('jose');
    return jose.createRemoteJWKSet(new URL(url), {
      cacheMaxAge: TRUSTED_MS,
      cooldownDuration: UNKNOWN_KEY_PAUSE_MS,
      timeoutDuration: FETCH_TIMEOUT_MS,
      [jose.customFetch]: fetchKeys,
    });
  };
  /** If the issuer doesn't respond, its known keys stay valid. */
  const refresh = async (remoteKeys: RemoteKeys) => {
    try {
      await remoteKeys.reload();
      refreshedAtMs = nowMs();
    } catch {
      // `fetchKeys` spaces the attempts.
    } finally {
      refreshing = undefined;
    }
  };

  let keys: Promise<RemoteKeys> | undefined;
  return async (header, token) => {
    const remoteKeys = await (keys ??= create());
    if (nowMs() - refreshedAtMs >= REFRESH_MS) await (refreshing ??= refresh(remoteKeys));
    return remoteKeys(header, token);
  };
}
