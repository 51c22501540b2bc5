import type { Logger } from './logger';

/** Runs `work` repeatedly, with a pause of `intervalMs` in between. A failure is logged, and the next run tries again. */
export function runEvery(
  intervalMs: number,
  taskName: string,
  logger: Logger,
  work: () => Promise<unknown>,
): { stop(): Promise<void> } {
  let currentRun: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const run = () => {
    currentRun = work()
      .catch((error: unknown) => logger.warn({ err: error }, `${taskName} failed; will try again`))
      .then(() => {
        if (!isStopped) timer = setTimeout(run, intervalMs);
      });
  };
  timer = setTimeout(run, intervalMs);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await currentRun;
    },
  };
}
