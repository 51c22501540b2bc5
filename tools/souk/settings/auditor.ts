import { Failure } from '../console/failure';
import { urlWithTls } from './addresses';
import type { Settings } from './settings';

/** 1 means that a promise is broken, so an audit that can't run has another exit code, whatever the reason. */
const EXIT_NOT_AUDITED = 2;

/**
 * Runs the auditor and determines the exit code of the command.
 * @param run returns the auditor's exit code, or -1 if it couldn't be started
 * @returns 0: no promise is broken; 1: one is; 2: the audit couldn't run
 */
export async function auditExitCode(run: () => Promise<number>): Promise<number> {
  try {
    const code = await run();
    return code === -1 ? EXIT_NOT_AUDITED : code;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    return EXIT_NOT_AUDITED;
  }
}

interface Address {
  host: string;
  port: number;
}

/** The auditor's settings. It isn't a long-running app, so it has no row in the table of apps. */
export function auditorEnvironment(
  { passwords, values }: Settings,
  { mysql, redis, tls }: { mysql: Address; redis: Address; tls?: string | undefined },
): Record<string, string> {
  const optional = ['PAYMENT_PROVIDER', 'AUDIT_GRACE_MS'].flatMap((name): [string, string][] =>
    values[name] ? [[name, values[name]]] : [],
  );
  return {
    AUDIT_DATABASE_URL: urlWithTls(
      `mysql://auditor:${encodeURIComponent(passwords.auditorDb)}@${mysql.host}:${mysql.port}/`,
      tls,
    ),
    AUDIT_REDIS_URL: urlWithTls(
      `redis://auditor:${encodeURIComponent(passwords.auditorRedis)}@${redis.host}:${redis.port}`,
      tls,
    ),
    ...Object.fromEntries(optional),
  };
}
