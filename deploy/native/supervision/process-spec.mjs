// @ts-check
import { createHash } from 'node:crypto';

/**
 * What the supervisor needs to run a process.
 *
 * @typedef {object} ProcessSpec
 * @property {string} name names its pid file and its log
 * @property {'engine' | 'app'} kind apps are stopped before engines
 * @property {string} command
 * @property {string[]} args
 * @property {Record<string, string>} env its complete environment
 * @property {string} cwd
 * @property {Owner} [owner] the user it runs as, if not the current one
 * @property {{ host: string, port: number, use: string }[]} listens all addresses it listens on; the first one is shown to users
 * @property {string} version changes with everything that requires a restart: command, environment, configuration, code
 * @property {() => Promise<void>} [prepare] runs before each start; must be harmless when repeated
 * @property {() => Promise<void>} [cleanUp] runs after it has stopped for good
 * @property {() => Promise<Health>} checkHealth
 *
 * @typedef {{ uid: number, gid: number }} Owner
 * @typedef {{ isHealthy: boolean, detail: string }} Health
 */

/**
 * Completes a spec with the version derived from its content.
 *
 * @param {Omit<ProcessSpec, 'version'>} spec
 * @param {unknown} inputs what else requires a restart when it changes
 * @returns {ProcessSpec}
 */
export function withVersion(spec, inputs) {
  const { command, args, env, cwd, owner, listens } = spec;
  return { ...spec, version: hashOf(JSON.stringify([command, args, env, cwd, owner, listens, inputs])) };
}

/** @param {string | Buffer} content */
export function hashOf(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** The variables that each child inherits from this process; everything else is set explicitly. */
export function baseEnvironment() {
  const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
