import type { Logger } from './logger';

/** Runs `work` repeatedly, `intervalMs` apart; runs never overlap. A failure is logged, and the next run tries again. */
export function every(
  intervalMs: number,
  what: string,
  logger: Logger,
  work: () => Promise<unknown>,
): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const run = () => {
    running = work()
      .catch((error: unknown) => logger.warn({ err: error }, `${what} failed; trying again`))
      .then(() => {
        if (!isStopped) timer = setTimeout(run, intervalMs);
      });
  };
  timer = setTimeout(run, intervalMs);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
