import { runEvery, type Logger } from '@souk/service';

interface CatchUpSchedule {
  /** Requests a catch-up as soon as possible. If one is running, another follows it. */
  request(): void;
  stop(): Promise<void>;
}

/** Catches up immediately, at intervals and on request, but never twice at the same time. */
export function scheduleCatchUp(
  intervalMs: number,
  consumer: string,
  logger: Logger,
  catchUp: () => Promise<void>,
): CatchUpSchedule {
  let running: Promise<void> | undefined;
  let isRequestedAgain = false;
  let isStopped = false;

  const run = async () => {
    do {
      isRequestedAgain = false;
      await catchUp().catch((error: unknown) =>
        logger.warn({ err: error, consumer }, 'the search for missing events failed; it will be retried'),
      );
    } while (isRequestedAgain && !isStopped);
  };
  const runOnce = () => (running ??= run().finally(() => (running = undefined)));
  const timer = runEvery(intervalMs, `the catch-up of ${consumer}`, logger, runOnce);
  void runOnce();

  return {
    request: () => {
      if (running) isRequestedAgain = true;
      else if (!isStopped) void runOnce();
    },
    stop: async () => {
      isStopped = true;
      await timer.stop();
      await running;
    },
  };
}
