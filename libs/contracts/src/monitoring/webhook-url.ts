import { z } from 'zod';

const URL_LENGTH_MAX = 2_000;
/** The limit of DNS. */
const HOSTNAME_LENGTH_MAX = 253;

/** @returns the error of an invalid URL of a webhook, or `undefined` */
export function webhookUrlError(text: string): string | undefined {
  if (text.length > URL_LENGTH_MAX) return `must have at most ${URL_LENGTH_MAX} characters`;
  // URL parsing silently drops such characters, so the parsed URL would differ from the registered one.
  if (/[\s\p{Cc}\p{Surrogate}]/u.test(text) || !URL.canParse(text))
    return 'must be a URL such as https://shop.example/hooks';
  const { protocol, username, password, hostname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://';
  if (username !== '' || password !== '') return 'must not have a user or a password';
  if (hostname.length > HOSTNAME_LENGTH_MAX) return `must have a host of at most ${HOSTNAME_LENGTH_MAX} characters`;
  return text.includes('#') ? 'must not have a fragment' : undefined;
}

/** The URL that the notifications of an account are posted to. */
export const webhookUrl = z
  .string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be a string') })
  .check((context) => {
    const message = webhookUrlError(context.value);
    if (message) context.issues.push({ code: 'custom', message, input: context.value });
  })
  .meta({
    description: 'Where notifications are posted: http or https, without credentials or a fragment',
    example: 'https://shop.example/hooks/souk',
    format: 'uri',
    maxLength: URL_LENGTH_MAX,
  });
