// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './machine/paths.mjs';

/**
 * The engines whose versions are checked, with the tested range and the versions that are known not to work.
 *
 * @type {Record<'mysql' | 'mariadb' | 'rabbitmq' | 'redis' | 'haproxy' | 'node', { name: string, oldest: string, newest: string, refusedBelow: string, reason: string }>}
 */
export const SUPPORTED_ENGINES = JSON.parse(
  readFileSync(join(ROOT, 'libs/service/src/supported-engines.json'), 'utf8'),
);

/** @param {keyof typeof SUPPORTED_ENGINES} engine @returns {string} such as `MySQL 8.4 to 9.7` */
export function supportedRange(engine) {
  const { name, oldest, newest } = SUPPORTED_ENGINES[engine];
  return `${name} ${oldest} to ${newest}`;
}
