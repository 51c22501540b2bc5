import { ADMIN_CALLER, ADMIN_SCOPES, LIMIT_CLASSES, SCOPES } from '@souk/contracts';
import { createDatabase } from '@souk/database';
import { accessModeOf, AppError, createSecretCheck, secretDigest, type AppContext, type Logger } from '@souk/service';
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessSettings } from './access-settings';
import { admits } from './keys/api-key';
import { createKeyRing, type KeyRing } from './keys/key-ring';
import { parseKeyText } from './keys/key-text';
import { createRateLimits, type RateLimits } from './limits/rate-limits';
import { STRANGER, type Anonymous, type KeyHolder, type Principal } from './principal';
import { createTokenVerifier, type TokenVerifier } from './tokens/token-verifier';

/** Finds out who makes a request. */
export interface Access {
  /**
   * @returns who makes the request, by its `X-API-Key` or `Authorization`
   * @throws AppError `unauthenticated` if the credentials are invalid, or `unavailable` if they can't be checked now
   */
  identify(headers: IncomingHttpHeaders): Principal | Promise<Principal>;
  /** `undefined` if no caller has a limit. */
  limits: RateLimits | undefined;
  start(): void;
  stop(): Promise<void>;
}

/** Few connections are enough, because reading changes is quick. */
const CONNECTIONS = { poolSize: 2, acquireTimeoutMs: 1_000, statementTimeoutMs: 2_000 };

const ADMIN: KeyHolder = { kind: 'key', actor: ADMIN_CALLER, scopes: ADMIN_SCOPES };

/** Access as the settings of a service require it. */
export function createAccess(settings: AccessSettings, { logger, metrics }: AppContext): Access {
  const limits = createConfiguredLimits(settings, { logger, metrics });
  if (accessModeOf(settings) === 'open') return createOpenAccess(settings.ADMIN_API_KEY, logger, limits);
  const url = settings.ACCESS_DATABASE_URL;
  const db = url === undefined ? undefined : createDatabase({ url, ...CONNECTIONS });
  const keys = db && createKeyRing(db, { staleMs: settings.ACCESS_STALE_SECONDS * 1_000, logger });
  const identify = createIdentifier(createAdminKeyCheck(settings.ADMIN_API_KEY), keys, createTokenVerifier(settings));
  return {
    identify,
    limits,
    start: () => {
      keys?.start();
      limits?.start();
    },
    stop: async () => {
      limits?.stop();
      await keys?.stop();
      await db?.close();
    },
  };
}

/**
 * Everyone may do everything but manage keys, which matter only where access is closed. If there is an admin key, only its holders
 * may use admin routes.
 */
export function createOpenAccess(adminKey: string | undefined, logger: Logger, limits?: RateLimits): Access {
  const isAdminKey = createAdminKeyCheck(adminKey);
  const anonymous: Anonymous = {
    kind: 'anonymous',
    scopes: SCOPES.filter((scope) => scope !== 'operator' && !(isAdminKey && ADMIN_SCOPES.includes(scope))),
  };
  return {
    identify: ({ 'x-api-key': key }) => (typeof key === 'string' && isAdminKey?.(key) ? ADMIN : anonymous),
    limits,
    start: () => {
      logger.warn('access is open: callers on this machine need no credentials');
      limits?.start();
    },
    stop: () => Promise.resolve(limits?.stop()),
  };
}

/** Where access is open, callers are counted by address, and by default have no limit. */
function createConfiguredLimits(settings: AccessSettings, context: AppContext): RateLimits | undefined {
  const { RATE_LIMIT_REDIS_URL: url, RATE_LIMITS: rates } = settings;
  const isOpen = accessModeOf(settings) === 'open';
  const isLimited = !isOpen || LIMIT_CLASSES.some((name) => rates.address[name] !== false);
  return url !== undefined && isLimited ? createRateLimits(url, rates, context) : undefined;
}

type AdminKeyCheck = ((key: string) => boolean) | undefined;

const createAdminKeyCheck = (adminKey: string | undefined): AdminKeyCheck =>
  adminKey === undefined ? undefined : createSecretCheck(adminKey);

const BEARER = /^Bearer +([\w.~+/=-]+)$/i;

function createIdentifier(
  isAdminKey: AdminKeyCheck,
  keys: KeyRing | undefined,
  tokens: TokenVerifier | undefined,
): Access['identify'] {
  const identifyKey = async (text: string): Promise<Principal> => {
    if (isAdminKey?.(text)) return { ...ADMIN, owner: ADMIN_CALLER };
    const parts = parseKeyText(text);
    const key = parts && (await keys?.find(parts.id));
    if (!key || !admits(key, secretDigest(parts.secret), Date.now())) throw invalid('The API key is not valid');
    keys?.noteUse(key);
    const name = `key:${key.id}`;
    return { kind: 'key', actor: name, owner: name, scopes: key.scopes };
  };
  const identifyBearer = async (text: string): Promise<Principal> => {
    if (parseKeyText(text)) return identifyKey(text);
    const customer = await tokens?.verify(text);
    if (!customer) throw invalid('The token is not valid');
    return customer;
  };

  return ({ 'x-api-key': key, authorization }) => {
    if (key === undefined && authorization === undefined) return STRANGER;
    if (key !== undefined && authorization !== undefined) {
      throw invalid('Send either X-API-Key or Authorization, not both');
    }
    if (authorization === undefined) return identifyKey(String(key));
    const [, token] = BEARER.exec(authorization) ?? [];
    if (token === undefined) throw invalid('Authorization must be Bearer, followed by a token or an API key');
    return identifyBearer(token);
  };
}

const invalid = (message: string) => new AppError('unauthenticated', 'UNAUTHORIZED', message);
