import type { ReadinessChecks } from '@souk/service';

/** The state of one dependency, without the reason for it. */
type CheckResult = 'ok' | 'unavailable' | 'timeout' | 'stopping';

interface Readiness {
  status: 'ok' | 'unavailable';
  checks: Record<string, CheckResult>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** The readiness of a stopping process. */
export const STOPPING: Readiness = { status: 'unavailable', checks: { process: 'stopping' } };

async function runCheck(check: () => Promise<void>, timeoutMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  const result = (async () => check())().then(
    (): CheckResult => 'ok',
    (): CheckResult => 'unavailable',
  );
  try {
    return await Promise.race([result, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs all checks concurrently, each with a timeout of `timeoutMs`. Calls made while they run share the result.
 * @param reportedOnly checks that are also reported but don't affect readiness
 */
export function createReadiness(
  checks: ReadinessChecks,
  timeoutMs = CHECK_TIMEOUT_MS,
  reportedOnly: ReadinessChecks = {},
): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined;

  const run = async (): Promise<Readiness> => {
    const results = await Promise.all(
      Object.entries({ ...checks, ...reportedOnly }).map(
        async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const,
      ),
    );
    const isReady = results.every(([name, result]) => result === 'ok' || name in reportedOnly);
    return { status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(results) };
  };

  return () => (running ??= run().finally(() => (running = undefined)));
}
