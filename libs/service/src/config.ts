import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

/** Lists every invalid setting, one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads an app's settings from its environment. An empty variable counts as unset. A setting may also be read from a file: then
 * `NAME_FILE` is the path of the file, and a line break at its end isn't part of the value.
 * @throws ConfigError naming every invalid setting; an invalid value never falls back to a default
 */
export function loadConfig<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const values: Record<string, string> = {};
  const fileProblems = new Map<string, string>();
  for (const name of Object.keys(schema.shape)) {
    try {
      const value = readSetting(name, env);
      if (value !== undefined) values[name] = value;
    } catch (error) {
      fileProblems.set(name, (error as Error).message);
    }
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && fileProblems.size === 0) return parsed.data;
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !fileProblems.has(path.join('.')));
  const lines = [
    ...[...fileProblems].map(([name, problem]) => `  ${name}_FILE: ${problem}`),
    ...issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`),
  ];
  throw new ConfigError(`${lines.length} invalid setting${lines.length === 1 ? '' : 's'}:\n${lines.join('\n')}`);
}

const FILE_BYTES_MAX = 65_536;

/** @throws Error that says what is wrong with the file */
function readSetting(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[name] || undefined;
  const path = env[`${name}_FILE`];
  if (!path) return value;
  if (value !== undefined) throw new Error(`must not be set together with ${name}`);
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error(`${path} is not a regular file`); // reading a pipe might never end
  if (stat.size > FILE_BYTES_MAX) throw new Error(`${path} is larger than 64 KiB`);
  const content = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  if (content === '') throw new Error(`${path} is empty`);
  return content;
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
