import { accountIdsOf, idError } from '@souk/contracts';
import { unavailable } from '@souk/service';
import type { JWTPayload } from 'jose';
import { createHash } from 'node:crypto';
import type { Customer } from '../principal';
import { createIssuerKeys } from './issuer-keys';
import type { TokenSettings } from './token-settings';

/** Checks the tokens of customers. */
export interface TokenVerifier {
  /**
   * @returns the customer, or `undefined` if the token is not valid
   * @throws AppError `unavailable` if the issuer's keys can't be fetched
   */
  verify(token: string): Promise<Customer | undefined>;
}

const DEFAULT_ALGORITHMS = { secret: ['HS256'], publicKey: ['RS256', 'ES256', 'EdDSA'] };
/** Verified tokens are remembered, because a signature takes longer to check than most requests to serve. */
const REMEMBERED_MAX = 10_000;
/** A key that its issuer withdraws stops working after this long, at the latest. */
const REMEMBERED_MS = 60_000;
const TOKEN_LENGTH_MAX = 8_192;
const ACCOUNTS_MAX = 1_000;

/** Whether the issuer's keys could not be fetched; any other error of `jose` is about the token. */
const FETCH_ERRORS: ReadonlySet<string> = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

/** @returns `undefined` if the settings accept no tokens */
export function createTokenVerifier(
  settings: TokenSettings,
  nowMs = Date.now,
  steadyMs = () => performance.now(),
): TokenVerifier | undefined {
  const { TOKEN_JWKS_URL: jwksUrl, TOKEN_SECRET: secret } = settings;
  if (jwksUrl === undefined && secret === undefined) return undefined;
  const isSecret = secret !== undefined;
  const options = {
    issuer: settings.TOKEN_ISSUER!,
    audience: settings.TOKEN_AUDIENCE!,
    algorithms: settings.TOKEN_ALGORITHMS ?? DEFAULT_ALGORITHMS[isSecret ? 'secret' : 'publicKey'],
    clockTolerance: settings.TOKEN_CLOCK_TOLERANCE,
    requiredClaims: ['sub', 'exp'],
  };
  const secretBytes = new TextEncoder().encode(secret);
  const findKey = isSecret ? undefined : createIssuerKeys(jwksUrl!, steadyMs);
  const verifySignature = async (token: string): Promise<JWTPayload> => {
    const { jwtVerify } = await import('jose');
    const { payload } = await (findKey ? jwtVerify(token, findKey, options) : jwtVerify(token, secretBytes, options));
    return payload;
  };

  const remembered = new Map<string, { customer: Customer; untilMs: number }>();
  return {
    verify: async (token) => {
      if (token.length > TOKEN_LENGTH_MAX) return undefined;
      const digest = createHash('sha256').update(token).digest('base64');
      const known = remembered.get(digest);
      if (known && known.untilMs > nowMs()) return known.customer;
      remembered.delete(digest);
      const payload = await verifySignature(token).catch(refuseInvalid);
      const customer = payload && customerOf(payload, settings);
      if (!customer) return undefined;
      if (remembered.size >= REMEMBERED_MAX) remembered.delete(remembered.keys().next().value!);
      const expiresAtMs = (payload.exp! + settings.TOKEN_CLOCK_TOLERANCE) * 1_000;
      remembered.set(digest, { customer, untilMs: Math.min(expiresAtMs, nowMs() + REMEMBERED_MS) });
      return customer;
    },
  };
}

/** @throws AppError `unavailable` unless the error is about the token */
function refuseInvalid(error: unknown): undefined {
  const { code } = error as { code?: string };
  if (code?.startsWith('ERR_J') && !FETCH_ERRORS.has(code)) return undefined;
  throw unavailable("The issuer of customers' tokens", error);
}

/** @returns `undefined` if the claims are malformed, or name the shop or a cash machine */
function customerOf(payload: JWTPayload, settings: TokenSettings): Customer | undefined {
  const clientID = payload[settings.TOKEN_CLIENT_CLAIM];
  const accounts = payload[settings.TOKEN_ACCOUNTS_CLAIM] ?? [];
  if (clientID !== undefined && !(typeof clientID === 'string' && idError(clientID) === undefined)) return undefined;
  if (!isIdList(accounts)) return undefined;
  const refused = settings.TOKEN_REFUSED_CLIENTS;
  const refusedIds = refused.flatMap((reference) => Object.values<string>({ ...accountIdsOf(reference) }));
  if ((clientID !== undefined && refused.includes(clientID)) || accounts.some((id) => refusedIds.includes(id))) {
    return undefined;
  }
  return { kind: 'customer', clientID, accounts, subject: payload.sub! };
}

const isIdList = (claim: unknown): claim is string[] =>
  Array.isArray(claim) && claim.length <= ACCOUNTS_MAX && claim.every((id) => typeof id === 'string');
