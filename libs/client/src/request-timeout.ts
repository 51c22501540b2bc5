/** Aborts a request that takes too long, or when the caller aborts it. */
interface RequestTimeout {
  /** The signal to pass to `fetch`. */
  signal: AbortSignal;
  /** Restarts the timeout; call this when something has arrived. */
  restart(): void;
  /** Aborts the request at once if it is still running. */
  abort(): void;
  /** Clears the timer and stops listening to the caller's signal. */
  clear(): void;
}

export function createRequestTimeout(timeoutMs: number, callerSignal: AbortSignal | undefined): RequestTimeout {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const onTimeout = () => controller.abort(new Error(`nothing was received for ${timeoutMs} ms`));
  let timer = setTimeout(onTimeout, timeoutMs);
  if (callerSignal?.aborted) abort();
  callerSignal?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    restart: () => {
      clearTimeout(timer);
      timer = setTimeout(onTimeout, timeoutMs);
    },
    abort,
    clear: () => {
      clearTimeout(timer);
      callerSignal?.removeEventListener('abort', abort);
    },
  };
}
