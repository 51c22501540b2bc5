import { integerSetting } from '@souk/service';
import { z } from 'zod';

/** Algorithms by the kind of key that they need. Listed one by one: `none` must never be accepted. Source: RFC 7518, RFC 8037. */
const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;
const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
] as const;
const ALGORITHMS: readonly string[] = [...SECRET_ALGORITHMS, ...PUBLIC_KEY_ALGORITHMS];

/** A shared secret must have at least as many bytes as the digest of HS256. Source: RFC 7518, 3.2. */
const SECRET_BYTES_MIN = 32;

const algorithmList = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine(
    (names) => names.every((name) => ALGORITHMS.includes(name)),
    `must be algorithms separated by commas: ${ALGORITHMS.join(', ')}`,
  );

/** Settings for the tokens of customers; without them, only API keys are accepted. */
export const tokenSettings = {
  TOKEN_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "URL of the public keys that sign customers' tokens (JWKS); without it and TOKEN_SECRET, no tokens are accepted",
    ),
  TOKEN_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= SECRET_BYTES_MIN, `must have at least ${SECRET_BYTES_MIN} bytes`)
    .optional()
    .describe("Shared secret that signs customers' tokens, instead of TOKEN_JWKS_URL; at least 32 bytes"),
  TOKEN_ISSUER: z.string().min(1).optional().describe('Required `iss` of a token'),
  TOKEN_AUDIENCE: z.string().min(1).optional().describe('Required `aud` of a token'),
  TOKEN_ALGORITHMS: algorithmList
    .optional()
    .describe(
      'Algorithms of accepted signatures, separated by commas; by default RS256, ES256 and EdDSA, or HS256 for a secret',
    ),
  TOKEN_CLIENT_CLAIM: z
    .string()
    .min(1)
    .default('sub')
    .describe("Claim with the customer's clientID, which is the reference of its account too"),
  TOKEN_ACCOUNTS_CLAIM: z
    .string()
    .min(1)
    .default('accounts')
    .describe("Claim with a list of ids of accounts and wallets that are the customer's own"),
  TOKEN_REFUSED_CLIENTS: z
    .string()
    .default('merchant,atm-main')
    .transform((text) =>
      text
        .split(',')
        .map((reference) => reference.trim())
        .filter((reference) => reference !== ''),
    )
    .describe(
      'ClientIDs that no token may have, separated by commas: the references of the accounts of the shop and of the cash machines',
    ),
  TOKEN_CLOCK_TOLERANCE: integerSetting(0, 60)
    .default(5)
    .describe('Seconds by which the clock of the issuer may differ'),
};

export type TokenSettings = z.output<z.ZodObject<typeof tokenSettings>>;

const EXCLUSIVE = 'must not be set together with TOKEN_JWKS_URL';
const REQUIRED = 'must be set because tokens are accepted';

/** @returns what is wrong with a setting in view of the other ones, or `undefined` */
export function tokenSettingsProblem(name: keyof TokenSettings, settings: Partial<TokenSettings>): string | undefined {
  const { TOKEN_JWKS_URL: jwksUrl, TOKEN_SECRET: secret, TOKEN_ALGORITHMS: algorithms } = settings;
  if (jwksUrl === undefined && secret === undefined) return undefined;
  if (name === 'TOKEN_SECRET') return jwksUrl !== undefined && secret !== undefined ? EXCLUSIVE : undefined;
  if (name === 'TOKEN_ISSUER' || name === 'TOKEN_AUDIENCE') return settings[name] === undefined ? REQUIRED : undefined;
  if (name !== 'TOKEN_ALGORITHMS' || algorithms === undefined) return undefined;
  // With both kinds, an attacker could sign with a public key as if it were the shared secret.
  const allowed: readonly string[] = secret === undefined ? PUBLIC_KEY_ALGORITHMS : SECRET_ALGORITHMS;
  return !algorithms.some((algorithm) => ALGORITHMS.includes(algorithm) && !allowed.includes(algorithm))
    ? undefined
    : `must be from ${allowed.join(', ')}`;
}
