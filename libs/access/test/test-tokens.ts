import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SECRET = 'a shared secret of at least 32 bytes';
export const CLAIMS = { iss: 'https://issuer.example', aud: 'souk', sub: 'alice' };

/** How a token is made; `undefined` leaves a claim out. */
export interface TokenOptions {
  claims?: Record<string, unknown>;
  secret?: string;
  algorithm?: string;
  /** Seconds from now. */
  expiresIn?: number;
}

/** @returns a token signed with a shared secret */
export async function createToken({ claims, secret = SECRET, algorithm = 'HS256', expiresIn = 60 }: TokenOptions = {}) {
  const { SignJWT } = await import('jose');
  const expires = Math.floor(Date.now() / 1_000) + expiresIn;
  return new SignJWT({ ...CLAIMS, exp: expires, ...claims })
    .setProtectedHeader({ alg: algorithm })
    .sign(new TextEncoder().encode(secret));
}

/** An issuer of tokens that serves its public keys. */
export interface TestIssuer {
  url: string;
  /** How often the keys were fetched. */
  fetches(): number;
  /** Serves none of the keys any more. */
  withdrawKeys(): void;
  /** Makes every fetch fail, or not. */
  setFailing(isFailing: boolean): void;
  /** Adds a key to those that are served. @returns a function that signs tokens with it */
  addKey(kid: string): Promise<(options?: TokenOptions) => Promise<string>>;
  close(): Promise<void>;
}

export async function startTestIssuer(): Promise<TestIssuer> {
  const keys: object[] = [];
  let count = 0;
  let isFailing = false;
  const server: Server = createServer((_request, response) => {
    count++;
    response.writeHead(isFailing ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    fetches: () => count,
    withdrawKeys: () => void keys.splice(0),
    setFailing: (value) => (isFailing = value),
    addKey: async (kid) => {
      const { exportJWK, generateKeyPair, SignJWT } = await import('jose');
      const { privateKey, publicKey } = await generateKeyPair('ES256');
      keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' });
      return ({ claims, expiresIn = 60 } = {}) =>
        new SignJWT({ ...CLAIMS, exp: Math.floor(Date.now() / 1_000) + expiresIn, ...claims })
          .setProtectedHeader({ alg: 'ES256', kid })
          .sign(privateKey);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
