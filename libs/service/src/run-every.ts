import type { Logger } from './logger';

/**
 * Runs `work` repeatedly, with a pause in between. A failure is logged, and the next run tries again.
 * @param intervalMs the pause, or a function that chooses it after each run
 */
export function runEvery(
  intervalMs: number | (() => number),
  taskName: string,
  logger: Logger,
  work: () => Promise<unknown>,
): { stop(): Promise<void> } {
  let currentRun: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const nextPauseMs = typeof intervalMs === 'number' ? () => intervalMs : intervalMs;
  const run = () => {
    currentRun = work()
      .catch((error: unknown) => logger.warn({ err: error }, `${taskName} failed; will try again`))
      .then(() => {
        if (!isStopped) timer = setTimeout(run, nextPauseMs());
      });
  };
  timer = setTimeout(run, nextPauseMs());
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await currentRun;
    },
  };
}
