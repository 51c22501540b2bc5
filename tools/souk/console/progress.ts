const TICK_MS = 1000;
/** Without a terminal a line can't be rewritten, so a line is added from time to time. */
const TICKS_PER_LINE = 15;

/** Shows that a long task is running, and how long it took. */
export async function withProgress<T>(title: string, task: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const isTerminal = process.stderr.isTTY;
  let ticks = 0;
  process.stderr.write(isTerminal ? `${title} …` : `${title} …\n`);
  const timer = setInterval(() => {
    ticks += 1;
    if (isTerminal) process.stderr.write(`\r${title} … ${elapsedSince(startedAt)}`);
    else if (ticks % TICKS_PER_LINE === 0) process.stderr.write(`${title} … ${elapsedSince(startedAt)}\n`);
  }, TICK_MS);
  try {
    const result = await task();
    process.stderr.write(`${isTerminal ? '\r' : ''}${title}: ${elapsedSince(startedAt)}\n`);
    return result;
  } catch (error) {
    if (isTerminal) process.stderr.write('\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

export function printProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * @param startedAt as from `Date.now()`
 * @returns such as "3.4 s"
 */
export function elapsedSince(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}
