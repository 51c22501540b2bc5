import { createHmac } from 'node:crypto';

const SECRET = 'a shared secret for tests, with more than 32 bytes';
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'souk';

/** Settings with which a system accepts the tokens of `createTokens`. */
export const TOKEN_SETTINGS = { TOKEN_SECRET: SECRET, TOKEN_ISSUER: ISSUER, TOKEN_AUDIENCE: AUDIENCE };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by hand, independently of the library that checks tokens. */
function sign(claims: object): string {
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

/** @returns a customer's tokens: a valid one, and some that must be refused */
export function createTokens(sub: string) {
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  const claims = { iss: ISSUER, aud: AUDIENCE, sub, exp };
  return {
    valid: sign(claims),
    expired: sign({ ...claims, exp: exp - 7_200 }),
    wrongAudience: sign({ ...claims, aud: 'other' }),
    unsigned: `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`,
  };
}
