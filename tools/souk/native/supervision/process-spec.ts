import { createHash } from 'node:crypto';
import type { Owner } from '../../machine/run-command';

/** Everything that the supervisor needs to run a process. */
export interface ProcessSpec {
  /** Names its pid file and its log. */
  name: string;
  /** Apps are stopped before engines. */
  kind: 'engine' | 'app';
  command: string;
  args: string[];
  /** Its complete environment. */
  env: Record<string, string>;
  cwd: string;
  /** The user it runs as, if not the current one. */
  owner?: Owner | undefined;
  /** All addresses it listens on; the first one is shown to users. */
  listens: { host: string; port: number; use: string }[];
  /** Changes with everything that requires a restart: command, environment, configuration, code. */
  version: string;
  /** Runs before each start; must be harmless when repeated. */
  prepare?(): Promise<void> | void;
  /** Runs after the process has stopped and won't restart. */
  cleanUp?(): Promise<void>;
  checkHealth(): Promise<Health>;
}

export interface Health {
  isHealthy: boolean;
  /** Why it isn't healthy; empty if it is. */
  detail: string;
}

/**
 * Completes a spec with the version derived from its content.
 * @param inputs further content whose change requires a restart
 */
export function withVersion(spec: Omit<ProcessSpec, 'version'>, inputs: unknown): ProcessSpec {
  const { command, args, env, cwd, owner, listens } = spec;
  return { ...spec, version: hashOf(JSON.stringify([command, args, env, cwd, owner, listens, inputs])) };
}

export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** The variables that each child inherits from this process; everything else is set explicitly. */
export function baseEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
