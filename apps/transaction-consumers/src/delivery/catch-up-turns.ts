import { every, type Logger } from '@souk/service';

export interface CatchUpTurns {
  /** Asks for a turn as soon as may be; one that is under way is followed by another. */
  request(): void;
  stop(): Promise<void>;
}

/** Catches up at once, in intervals, and whenever it is asked for; never twice at a time. */
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
