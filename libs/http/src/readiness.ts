import type { ReadinessChecks } from '@souk/service';

/** How one thing the service needs is doing, in a word; why stays in the log. */
export type CheckResult = 'ok' | 'unavailable' | 'timeout' | 'stopping';

export interface Readiness {
  status: 'ok' | 'unavailable';
  checks: Record<string, CheckResult>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** The readiness of a stopping process. */
export const STOPPING: Readiness = { status: 'unavailable', checks: { process: 'stopping' } };

async function runCheck(check: () => Promise<void>, timeoutMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  const answer = (async () => check())().then(
    (): CheckResult => 'ok',
    (): CheckResult => 'unavailable',
  );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs all checks at once, each within `timeoutMs`. Whoever asks while they run shares the answer.
 * @param watched what is told beside them, without which the service is ready all the same
 */
export function createReadiness(
  checks: ReadinessChecks,
  timeoutMs = CHECK_TIMEOUT_MS,
  watched: ReadinessChecks = {},
): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined;

  const run = async (): Promise<Readiness> => {
    const results = await Promise.all(
      Object.entries({ ...checks, ...watched }).map(
        async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const,
      ),
    );
    const isReady = results.every(([name, result]) => result === 'ok' || name in watched);
    return { status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(results) };
  };

  return () => (running ??= run().finally(() => (running = undefined)));
}
