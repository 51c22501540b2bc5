import { z } from 'zod';

/** Lists every invalid setting, one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads an app's settings from its environment. An empty variable counts as unset.
 * @throws ConfigError naming every invalid setting; an invalid value never falls back to a default
 */
export function loadConfig<Schema extends z.ZodType>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const setVariables = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(setVariables);
  if (parsed.success) return parsed.data;
  const invalidSettings = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  const count = invalidSettings.length;
  throw new ConfigError(`${count} invalid setting${count === 1 ? '' : 's'}:\n${invalidSettings.join('\n')}`);
}

/** A TCP port in an environment variable. */
export const portSetting = z.coerce.number().int().min(1).max(65_535);

/** A whole number in an environment variable. */
export const integerSetting = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Settings of every process. */
export const commonSettings = {
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Lowest level that is logged'),
  SOUK_BIND: z.string().default('127.0.0.1').describe('Address to listen on'),
};
