import { KEY_ID } from '@souk/contracts';
import { randomBytes } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** The number of base62 digits that 256 bits need. */
const SECRET_LENGTH = 43;
const KEY_TEXT = new RegExp(`^souk_(${KEY_ID.source.slice(1, -1)})_([0-9A-Za-z]{${SECRET_LENGTH}})$`);

/** The parts of `souk_<id>_<secret>`. */
export interface KeyText {
  id: string;
  secret: string;
}

/** Reads the text of an API key; `undefined` if it doesn't have the form of one. */
export function parseKeyText(text: string): KeyText | undefined {
  const [, id, secret] = KEY_TEXT.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

export const formatKeyText = ({ id, secret }: KeyText): string => `souk_${id}_${secret}`;

/** @returns 256 random bits in base62 */
export function createSecret(): string {
  let rest = BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`);
  let text = '';
  for (let index = 0; index < SECRET_LENGTH; index++) {
    text = BASE62.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
