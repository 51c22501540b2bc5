import { accountIdsOf } from '@souk/contracts';
import { z } from 'zod';
import { CLAIMS, createToken, SECRET, startTestIssuer, type TestIssuer } from '../../test/test-tokens';
import { tokenSettings, type TokenSettings } from './token-settings';
import { createTokenVerifier } from './token-verifier';

const settingsWith = (values: Record<string, string>): TokenSettings =>
  z.object(tokenSettings).parse({ TOKEN_ISSUER: CLAIMS.iss, TOKEN_AUDIENCE: CLAIMS.aud, ...values });

const verifierWith = (values: Record<string, string>, nowMs?: () => number) =>
  createTokenVerifier(settingsWith(values), nowMs, nowMs)!;

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('with a shared secret', () => {
  const { verify } = verifierWith({ TOKEN_SECRET: SECRET });

  test('a valid token names the customer', async () => {
    const token = await createToken({ claims: { accounts: ['a', 'b'] } });
    const customer = { kind: 'customer', clientID: 'alice', accounts: ['a', 'b'], subject: 'alice' };
    expect(await verify(token)).toEqual(customer);
    expect(await verify(token)).toEqual(customer);
  });

  test.each([
    ['another issuer', { claims: { iss: 'https://other.example' } }],
    ['no issuer', { claims: { iss: undefined } }],
    ['another audience', { claims: { aud: 'other' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['no subject', { claims: { sub: undefined } }],
    ['no expiry', { claims: { exp: undefined } }],
    ['an expiry in the past', { expiresIn: -6 }],
    ['a start in the future', { claims: { nbf: Math.floor(Date.now() / 1_000) + 60 } }],
    ['another secret', { secret: SECRET.toUpperCase() }],
    ['an algorithm that is not listed', { algorithm: 'HS512' }],
    ['an invalid clientID', { claims: { sub: ' alice' } }],
    ['accounts that are not a list of ids', { claims: { accounts: 'a' } }],
    ['the reference of the shop', { claims: { sub: 'merchant' } }],
    ['the account of a cash machine', { claims: { accounts: [accountIdsOf('atm-main').accountId] } }],
  ])('a token with %s is refused', async (_case, options) => {
    expect(await verify(await createToken(options))).toBeUndefined();
  });

  test('a token without a signature is refused, whatever its algorithm says', async () => {
    const claims = { ...CLAIMS, exp: Math.floor(Date.now() / 1_000) + 60 };
    for (const alg of ['none', 'None', 'HS256']) {
      expect(await verify(`${base64url({ alg })}.${base64url(claims)}.`)).toBeUndefined();
    }
  });

  test.each(['', 'x', 'a.b.c', '..', 'a'.repeat(10_000)])("text that isn't a token is refused: %.10s", async (text) => {
    expect(await verify(text)).toBeUndefined();
  });

  test('a token is valid until its expiry and the tolerance have passed, even if it was valid before', async () => {
    let now = Date.now();
    const verifier = verifierWith({ TOKEN_SECRET: SECRET, TOKEN_CLOCK_TOLERANCE: '0' }, () => now);
    const token = await createToken({ expiresIn: 30 });
    expect(await verifier.verify(token)).toBeDefined();
    jest.useFakeTimers({
      now: (now += 31_000),
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'],
    });
    try {
      expect(await verifier.verify(token)).toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });

  test('other claims can name the customer and its accounts', async () => {
    const verifier = verifierWith({
      TOKEN_SECRET: SECRET,
      TOKEN_CLIENT_CLAIM: 'client_id',
      TOKEN_ACCOUNTS_CLAIM: 'wallets',
    });
    const token = await createToken({ claims: { client_id: 'c', wallets: ['w'] } });
    expect(await verifier.verify(token)).toMatchObject({ clientID: 'c', accounts: ['w'], subject: 'alice' });
    expect(await verifier.verify(await createToken())).toMatchObject({ clientID: undefined, accounts: [] });
  });
});

describe('with the public keys of an issuer', () => {
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await startTestIssuer();
  });
  afterEach(() => issuer.close());

  test('a token is checked with the key that it names, and keys are fetched once', async () => {
    const sign = await issuer.addKey('k1');
    const { verify } = verifierWith({ TOKEN_JWKS_URL: issuer.url });
    const customers = await Promise.all([verify(await sign()), verify(await sign({ claims: { sub: 'bob' } }))]);
    expect(customers.map((customer) => customer?.clientID)).toEqual(['alice', 'bob']);
    expect(issuer.fetches()).toBe(1);
  });

  test('a token signed with the text of a public key as if it were a secret is refused', async () => {
    await issuer.addKey('k1');
    const { verify } = verifierWith({ TOKEN_JWKS_URL: issuer.url });
    const publicKeys = await (await fetch(issuer.url)).text();
    expect(await verify(await createToken({ secret: publicKeys }))).toBeUndefined();
  });

  test('tokens with unknown keys cause no further fetch', async () => {
    const sign = await issuer.addKey('k1');
    const { verify } = verifierWith({ TOKEN_JWKS_URL: issuer.url });
    expect(await verify(await sign())).toBeDefined();
    const signElsewhere = await (await startIssuerOnce()).addKey('unknown');
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, index) => signElsewhere({ claims: { jti: `${index}` } })),
    );
    const results = await Promise.all(tokens.map(verify));
    expect(results.every((customer) => customer === undefined)).toBe(true);
    expect(issuer.fetches()).toBe(1);
  });

  test('a key that the issuer withdraws stops working', async () => {
    const sign = await issuer.addKey('k1');
    let now = Date.now();
    const { verify } = verifierWith({ TOKEN_JWKS_URL: issuer.url }, () => now);
    expect(await verify(await sign())).toBeDefined();
    issuer.withdrawKeys();
    now += 600_000;
    expect(await verify(await sign({ claims: { jti: '2' } }))).toBeUndefined();
  });

  test('while the issuer fails, known keys stay valid, and a token with an unknown one cannot be checked', async () => {
    issuer.setFailing(true);
    const sign = await issuer.addKey('k1');
    let now = Date.now();
    const { verify } = verifierWith({ TOKEN_JWKS_URL: issuer.url }, () => now);
    const token = await sign();
    await expect(verify(token)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(verify(token)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(issuer.fetches()).toBe(1);
    issuer.setFailing(false);
    now += 5_000;
    expect(await verify(token)).toBeDefined();
    issuer.setFailing(true);
    now += 600_000;
    const fetches = issuer.fetches();
    expect(await verify(await sign({ claims: { sub: 'bob' } }))).toMatchObject({ clientID: 'bob' });
    expect(issuer.fetches()).toBe(fetches + 1);
  });

  const others: TestIssuer[] = [];
  const startIssuerOnce = async () => {
    const other = await startTestIssuer();
    others.push(other);
    return other;
  };
  afterEach(() => Promise.all(others.splice(0).map((other) => other.close())));
});

test('without settings, no tokens are accepted', () => {
  expect(createTokenVerifier(z.object(tokenSettings).parse({}))).toBeUndefined();
});
