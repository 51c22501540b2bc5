// @ts-check

const TICK_MS = 1000;
/** Without a terminal a line can't be rewritten, so one is added now and then. */
const TICKS_PER_LINE = 15;

/**
 * Shows that a long task is running, and how long it took.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withProgress(title, task) {
  const startedAt = Date.now();
  const isTerminal = process.stderr.isTTY;
  let ticks = 0;
  process.stderr.write(isTerminal ? `${title} …` : `${title} …\n`);
  const timer = setInterval(() => {
    ticks += 1;
    if (isTerminal) process.stderr.write(`\r${title} … ${elapsed(startedAt)}`);
    else if (ticks % TICKS_PER_LINE === 0) process.stderr.write(`${title} … ${elapsed(startedAt)}\n`);
  }, TICK_MS);
  try {
    const result = await task();
    process.stderr.write(`${isTerminal ? '\r' : ''}${title}: ${elapsed(startedAt)}\n`);
    return result;
  } catch (error) {
    if (isTerminal) process.stderr.write('\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Prints a line of progress. @param {string} text */
export function tell(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {number} since as from `Date.now()` @returns {string} such as "3.4 s" */
export function elapsed(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
