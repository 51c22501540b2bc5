import { accessSettings } from '@souk/access';
import { integerSetting } from '@souk/service';
import { isIP } from 'node:net';
import { z } from 'zod';
import { isOriginPattern } from './access/origin-rule';
import { API_LINKS_DEFAULT, parseApiLinks } from './documentation/api-links';

const listSetting = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );

const originList = listSetting.refine(
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

/** Networks that Express knows by name. */
const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(text: string): boolean {
  if (NETWORK_NAMES.includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128))
  );
}

const networkList = listSetting.refine(
  (networks) => networks.every(isNetwork),
  `must be addresses or networks such as 10.0.0.0/8, or ${NETWORK_NAMES.join(', ')}, separated by commas`,
);

/** Settings of every service that clients call. */
export const httpSettings = {
  ...accessSettings,
  CORS_ORIGINS: originList.describe(
    'Origins whose pages may call the API, separated by commas; `:*` is any port, `*` any origin',
  ),
  TRUSTED_PROXIES: networkList.describe(
    'Addresses and networks of load balancers whose X-Forwarded-For says who calls, separated by commas; also `loopback`, ' +
      '`linklocal` and `uniquelocal`. By default none, so callers are identified by the address of their connection',
  ),
  METRICS_ACCESS: z
    .enum(['open', 'closed'])
    .default('open')
    .describe('closed: /metrics needs an API key with the scope monitoring:read'),
  DOCUMENTATION: z.enum(['on', 'off']).default('on').describe('off: the pages under /documentation are not served'),
  IN_FLIGHT_MAX: integerSetting(1, 100_000)
    .default(1_024)
    .describe('Maximum number of requests handled at once; further ones get 429'),
  SHUTDOWN_DELAY_MS: integerSetting(0, 60_000)
    .default(0)
    .describe('How long a stopping service still accepts connections, so that a load balancer can react'),
  API_LINKS: apiLinks.describe('Links on the documentation pages: names, each with a port on the same host or a URL'),
};

type HttpSettings = z.output<z.ZodObject<typeof httpSettings>> & { SOUK_BIND: string; PORT: number };

/** The options of an HTTP app that are settings of its service. */
export const httpOptionsOf = (settings: HttpSettings) => ({
  host: settings.SOUK_BIND,
  port: settings.PORT,
  trustedProxies: settings.TRUSTED_PROXIES,
  corsOrigins: settings.CORS_ORIGINS,
  inFlightMax: settings.IN_FLIGHT_MAX,
  shutdownDelayMs: settings.SHUTDOWN_DELAY_MS,
  apiLinks: settings.API_LINKS,
  areMetricsClosed: settings.METRICS_ACCESS === 'closed',
  isDocumented: settings.DOCUMENTATION === 'on',
});
