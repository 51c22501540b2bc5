/** Aborts a request that takes too long or that the caller no longer waits for. */
export interface Patience {
  /** For `fetch`. */
  signal: AbortSignal;
  /** Restarts the timeout when something has arrived. */
  restart(): void;
  /** Aborts the request at once if it is still running. */
  giveUp(): void;
  /** Clears the timer and stops listening to the caller's signal. */
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
