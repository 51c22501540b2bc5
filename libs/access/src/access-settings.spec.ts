import { commonSettings } from '@souk/service';
import { z } from 'zod';
import { accessSettings, checkAccessSettings } from './access-settings';

const schema = checkAccessSettings(z.object({ ...commonSettings, ...accessSettings }));

/** @returns the names of the settings that are refused */
const refused = (settings: Record<string, string>) =>
  (schema.safeParse(settings).error?.issues ?? []).map(({ path }) => path.join('.')).sort();

const SECRET = 's'.repeat(32);
const TOKENS = { TOKEN_SECRET: SECRET, TOKEN_ISSUER: 'i', TOKEN_AUDIENCE: 'a' };
const KEYS_URL = { TOKEN_JWKS_URL: 'https://i.example/jwks', TOKEN_ISSUER: 'i', TOKEN_AUDIENCE: 'a' };

test.each([
  ['nothing on loopback', {}],
  ['open access on loopback', { ACCESS: 'open', SOUK_BIND: '127.0.0.1' }],
  ['an admin key on a public address', { SOUK_BIND: '0.0.0.0', ADMIN_API_KEY: 'k' }],
  ['API keys on a public address', { SOUK_BIND: '0.0.0.0', ACCESS_DATABASE_URL: 'mysql://u:p@h/access' }],
  ['tokens signed with a secret', TOKENS],
  ["tokens signed with an issuer's keys", { ...KEYS_URL, TOKEN_ALGORITHMS: 'RS256, EdDSA' }],
])('%s is accepted', (_case, settings) => {
  expect(refused(settings)).toEqual([]);
});

test.each([
  ['open access on a public address', { ACCESS: 'open', SOUK_BIND: '::', ADMIN_API_KEY: 'k' }, ['ACCESS']],
  ['a public address without keys', { SOUK_BIND: '10.0.0.1' }, ['ADMIN_API_KEY']],
  ['both kinds of tokens', { ...TOKENS, ...KEYS_URL }, ['TOKEN_SECRET']],
  ['tokens of any issuer, for any audience', { TOKEN_SECRET: SECRET }, ['TOKEN_AUDIENCE', 'TOKEN_ISSUER']],
  ['a short secret', { ...TOKENS, TOKEN_SECRET: 's'.repeat(31) }, ['TOKEN_SECRET']],
  ['an unsigned token', { ...KEYS_URL, TOKEN_ALGORITHMS: 'none' }, ['TOKEN_ALGORITHMS']],
  ['a public key used as a secret', { ...KEYS_URL, TOKEN_ALGORITHMS: 'RS256,HS256' }, ['TOKEN_ALGORITHMS']],
  ['a secret for public-key signatures', { ...TOKENS, TOKEN_ALGORITHMS: 'RS256' }, ['TOKEN_ALGORITHMS']],
])('%s is refused', (_case, settings, names) => {
  expect(refused(settings)).toEqual(names);
});
