import type { ReadinessChecks } from '@souk/service';

const WATCH_INTERVAL_MS = 1_000;
/** Shorter, so that a recovery is detected sooner than a failure. */
const NOT_READY_INTERVAL_MS = 200;
const CHECK_TIMEOUT_MS = 3_000;

/**
 * Runs the checks at once and then periodically, and reports whether all of them passed.
 * @returns a function that ends the watch
 */
export function watchReadiness(checks: ReadinessChecks, report: (isReady: boolean) => void): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const checkAll = async () => {
    const isReady = await allPass(checks);
    if (isStopped) return;
    report(isReady);
    timer = setTimeout(() => void checkAll(), isReady ? WATCH_INTERVAL_MS : NOT_READY_INTERVAL_MS);
    timer.unref();
  };
  void checkAll();

  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** Runs the checks. @returns whether all of them passed in time */
export async function allPass(checks: ReadinessChecks): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
    timer.unref();
  });
  const passed = Promise.all(Object.values(checks).map((check) => check())).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([passed, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}
