/** Ends what takes too long, or what nobody waits for any more. */
export interface Patience {
  /** For `fetch`. */
  signal: AbortSignal;
  /** Counts anew: something was heard. */
  restart(): void;
  /** Gives up at once; what still runs is ended. */
  giveUp(): void;
  /** Lets go of the timer and of the caller's signal. */
  end(): void;
}

export function createPatience(timeoutMs: number, outer: AbortSignal | undefined): Patience {
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  const tooLate = () => controller.abort(new Error(`nothing was heard for ${timeoutMs} ms`));
  let timer = setTimeout(tooLate, timeoutMs);
  if (outer?.aborted) giveUp();
  outer?.addEventListener('abort', giveUp);
  return {
    signal: controller.signal,
    restart: () => {
      clearTimeout(timer);
      timer = setTimeout(tooLate, timeoutMs);
    },
    giveUp,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', giveUp);
    },
  };
}
