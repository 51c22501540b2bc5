import { integerSetting, isLoopback } from '@souk/service';
import { engineUrlSetting } from '@souk/tls';
import { z } from 'zod';
import { limitSettings } from './limits/limit-settings';
import { tokenSettings, tokenSettingsProblem } from './tokens/token-settings';

/** Settings of every service that checks who calls it. */
export const accessSettings = {
  ACCESS: z
    .enum(['open', 'closed'])
    .optional()
    .describe(
      'open: callers need no credentials, which only a service on loopback may allow; closed: they do. By default closed if ' +
        'NODE_ENV is production or SOUK_BIND can be reached from outside',
    ),
  NODE_ENV: z.string().optional().describe('production closes access by default'),
  ADMIN_API_KEY: z
    .string()
    .optional()
    .describe('A key with every admin scope. Where access is open, admin routes need it if it is set'),
  ACCESS_DATABASE_URL: engineUrlSetting('mysql')
    .optional()
    .describe(
      'mysql://user:password@host:port/access, which holds the API keys; without it, ADMIN_API_KEY is the only key',
    ),
  ACCESS_STALE_SECONDS: integerSetting(10, 86_400)
    .default(900)
    .describe('How long known API keys stay valid while the database is unavailable'),
  ...tokenSettings,
  ...limitSettings,
};

export type AccessSettings = z.output<z.ZodObject<typeof accessSettings>> & { SOUK_BIND: string };

const CHECKED = [
  'ACCESS',
  'ADMIN_API_KEY',
  'TOKEN_SECRET',
  'TOKEN_ISSUER',
  'TOKEN_AUDIENCE',
  'TOKEN_ALGORITHMS',
] as const;
type CheckedSetting = (typeof CHECKED)[number];

/** @returns what is wrong with a setting in view of the others, or `undefined`; settings that are invalid by themselves are absent */
function problemOf(name: CheckedSetting, settings: Partial<AccessSettings>): string | undefined {
  const { SOUK_BIND: host = '', ACCESS, ADMIN_API_KEY, ACCESS_DATABASE_URL } = settings;
  const isExposed = !isLoopback(host);
  if (name === 'ACCESS') {
    return ACCESS === 'open' && isExposed ? 'must be closed because SOUK_BIND can be reached from outside' : undefined;
  }
  if (name === 'ADMIN_API_KEY') {
    const hasKey = ADMIN_API_KEY !== undefined || ACCESS_DATABASE_URL !== undefined;
    return isExposed && !hasKey ? 'must be set because SOUK_BIND can be reached from outside' : undefined;
  }
  return tokenSettingsProblem(name, settings);
}

/** Adds the rules about several settings to the schema of a service that checks who calls it. */
export const checkAccessSettings = <Schema extends z.ZodType<AccessSettings>>(schema: Schema): Schema =>
  CHECKED.reduce(
    (checked, name) =>
      checked.refine((settings) => problemOf(name, settings) === undefined, {
        path: [name],
        error: ({ input }) => problemOf(name, input as AccessSettings)!,
        when: () => true, // even if there are other errors, so that all are reported at once
      }),
    schema,
  );
