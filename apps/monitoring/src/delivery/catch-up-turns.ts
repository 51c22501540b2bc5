import { every, type Logger } from '@souk/service';

export interface CatchUpTurns {
  /** Requests a catch-up as soon as possible. If one is running, another follows it. */
  request(): void;
  stop(): Promise<void>;
}

/** Catches up at once, at intervals and on request, never twice at the same time. */
export function startCatchUp(
  intervalMs: number,
  consumer: string,
  logger: Logger,
  catchUp: () => Promise<void>,
): CatchUpTurns {
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  let isStopped = false;

  const run = async () => {
    do {
      isAskedAgain = false;
      await catchUp().catch((error: unknown) =>
        logger.warn({ err: error, consumer }, 'could not look for missing events; it is tried again'),
      );
    } while (isAskedAgain && !isStopped);
  };
  const turn = () => (running ??= run().finally(() => (running = undefined)));
  const timer = every(intervalMs, `the catch-up of ${consumer}`, logger, turn);
  void turn();

  return {
    request: () => {
      if (running) isAskedAgain = true;
      else if (!isStopped) void turn();
    },
    stop: async () => {
      isStopped = true;
      await timer.stop();
      await running;
    },
  };
}
