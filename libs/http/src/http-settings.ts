import { accessSettings } from '@souk/access';
import { integerSetting } from '@souk/service';
import { z } from 'zod';
import { isOriginPattern } from './access/origin-rule';
import { API_LINKS_DEFAULT, parseApiLinks } from './documentation/api-links';

const originList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine(
    (origins) => origins.every(isOriginPattern),
    'must be origins such as https://shop.example or http://localhost:*, separated by commas, or *',
  );

const apiLinks = z
  .string()
  .default(API_LINKS_DEFAULT)
  .transform((text, context) => {
    const links = parseApiLinks(text);
    if (links) return links;
    context.addIssue('must be names with ports or URLs, such as Cart API=5003,Wallet API=https://pay.example');
    return z.NEVER;
  });

/** Settings of every service that clients call. */
export const httpSettings = {
  ...accessSettings,
  CORS_ORIGINS: originList.describe(
    'Origins whose pages may call the API, separated by commas; `:*` is any port, `*` any origin',
  ),
  IN_FLIGHT_MAX: integerSetting(1, 100_000)
    .default(1_024)
    .describe('Maximum number of requests handled at once; further ones get 429'),
  SHUTDOWN_DELAY_MS: integerSetting(0, 60_000)
    .default(0)
    .describe('How long a stopping service still accepts connections, so that a load balancer can react'),
  API_LINKS: apiLinks.describe('Links on the documentation pages: names, each with a port on the same host or a URL'),
};
