import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'whsec_';

/** A secret as stored in the database. */
export interface SealedSecret {
  id: string;
  accountId: string;
  sealed: Buffer;
}

/** Encrypts the secrets of webhooks, so that the database alone doesn't reveal them. */
export interface SecretBox {
  /** @returns a new secret and its stored form */
  create(accountId: string): { secret: string } & SealedSecret;
  /** @throws Error if the secret was sealed with another key or for another row */
  open(sealed: SealedSecret): string;
}

/**
 * AES-256-GCM with a separate nonce for each secret. A secret can be opened only in the row it was created for, because the id and
 * account of the row are authenticated with it.
 * @param key 32 bytes in base64
 */
export function createSecretBox(key: string): SecretBox {
  const keyBytes = Buffer.from(key, 'base64');
  const authenticatedData = ({ id, accountId }: Omit<SealedSecret, 'sealed'>) => Buffer.from(`${id}:${accountId}`);
  return {
    create: (accountId) => {
      const id = randomUUID();
      const bytes = randomBytes(SECRET_BYTES);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, keyBytes, nonce).setAAD(authenticatedData({ id, accountId }));
      const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return {
        id,
        accountId,
        secret: secretOf(bytes),
        sealed: Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]),
      };
    },
    open: ({ sealed, ...ids }) => {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, keyBytes, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(authenticatedData(ids)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return secretOf(Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]));
    },
  };
}

const secretOf = (bytes: Buffer) => `${PREFIX}${bytes.toString('base64')}`;

/** @returns the HMAC key that a secret encodes */
export const hmacKeyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');
