import { LIMIT_CLASSES, type LimitClass } from '@souk/contracts';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';

/** The kinds of callers that are counted, each on its own: a customer, the holder of an API key, or a network address. */
export type CallerKind = 'address' | 'customer' | 'key';

/** What is counted: the requests of a class of routes, or requests with missing or invalid credentials. */
export type Counted = LimitClass | 'authentication';

/** The maximum number of requests per minute; `false`: unlimited. */
export type LimitRates = Record<CallerKind, Partial<Record<Counted, number | false>>>;

const sameForAll = (max: number | false) => Object.fromEntries(LIMIT_CLASSES.map((name) => [name, max]));

/** Far above what one shopper or one installation needs, so that only runaway or hostile callers notice. */
const DEFAULT_RATES: LimitRates = {
  address: { ...sameForAll(false), authentication: 6_000 },
  customer: sameForAll(6_000),
  key: sameForAll(300_000),
};

const rate = z.union([z.int().min(1).max(100_000_000), z.literal(false)]);
const ratesOf = (names: readonly Counted[]) => z.partialRecord(z.enum(names), rate).default({});
const configuredRates = z.strictObject({
  address: ratesOf([...LIMIT_CLASSES, 'authentication']),
  customer: ratesOf(LIMIT_CLASSES),
  key: ratesOf(LIMIT_CLASSES),
});

function parseRates(text: string): z.ZodSafeParseResult<LimitRates> {
  try {
    return configuredRates.safeParse(JSON.parse(text));
  } catch {
    return configuredRates.safeParse(text);
  }
}

/** Settings of the limits per caller. */
export const limitSettings = {
  RATE_LIMITS: z
    .string()
    .default('{}')
    .transform((text, context): LimitRates => {
      const { data, error } = parseRates(text);
      for (const { path, message } of error?.issues ?? []) {
        context.issues.push({ code: 'custom', path, message, input: text });
      }
      return {
        address: { ...DEFAULT_RATES.address, ...data?.address },
        customer: { ...DEFAULT_RATES.customer, ...data?.customer },
        key: { ...DEFAULT_RATES.key, ...data?.key },
      };
    })
    .describe(
      'Changes to the default limits of requests per minute, as JSON: {"customer": {"checkout": 60}, "key": {"read": false}}; ' +
        'false means unlimited',
    ),
  RATE_LIMIT_REDIS_URL: engineUrlSetting('redis')
    .optional()
    .describe('redis://user:password@host:port, where requests are counted; without it, callers have no limits'),
};
