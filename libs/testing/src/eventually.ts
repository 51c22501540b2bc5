import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `check` returns without throwing, and returns its value.
 *
 * @param pollMs the pause between two checks; make it longer for an expensive check
 * @throws the error of the last check, once `timeoutMs` is over
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 15_000, pollMs = 20): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(pollMs);
    }
  }
}
