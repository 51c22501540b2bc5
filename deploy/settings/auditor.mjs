// @ts-check
import { Failure } from '../console/failure.mjs';

/** 1 means that something is broken, so an audit that can't run has another exit code, whatever the reason. */
const EXIT_NOT_AUDITED = 2;

/**
 * Runs the auditor and passes its exit code on.
 *
 * @param {() => Promise<number>} run -1: it couldn't be started
 * @returns {Promise<number>} 0: nothing is broken; 1: something is; 2: the audit couldn't run
 */
export async function auditExitCode(run) {
  try {
    const code = await run();
    return code === -1 ? EXIT_NOT_AUDITED : code;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    return EXIT_NOT_AUDITED;
  }
}

/**
 * The auditor's settings. It isn't a long-running app, so it has no row in the table of apps.
 *
 * @param {import('./settings.mjs').Settings} settings
 * @param {Record<'mysql' | 'redis', { host: string, port: number }>} engines where it reaches them
 * @returns {Record<string, string>}
 */
export function auditorEnvironment({ passwords, values }, { mysql, redis }) {
  const optional = ['PAYMENT_PROVIDER', 'AUDIT_GRACE_MS'].flatMap((name) =>
    values[name] ? [[name, values[name]]] : [],
  );
  return {
    AUDIT_DATABASE_URL: `mysql://auditor:${encodeURIComponent(passwords.auditorDb)}@${mysql.host}:${mysql.port}/`,
    AUDIT_REDIS_URL: `redis://auditor:${encodeURIComponent(passwords.auditorRedis)}@${redis.host}:${redis.port}`,
    ...Object.fromEntries(optional),
  };
}
