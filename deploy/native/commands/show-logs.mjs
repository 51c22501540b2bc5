// @ts-check
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { lastLines } from '../../machine/log-file.mjs';

const LINES = 100;
const POLL_MS = 300;

/**
 * Prints the end of one log, or of all logs with the process's name before each line.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {string | undefined} name
 * @param {{ isFollowed: boolean }} options isFollowed: lines added later are printed too, until the user interrupts
 */
export async function showLogs(home, name, { isFollowed }) {
  const names = existsSync(home.logs)
    ? readdirSync(home.logs).flatMap((file) => /^(.+)\.log$/.exec(file)?.[1] ?? [])
    : [];
  if (name !== undefined && !names.includes(name)) {
    throw new Failure(`There is no log of "${name}"; there is: ${names.join(', ') || 'none yet'}.`);
  }
  const shown = (name === undefined ? names : [name]).map((one) => ({
    path: join(home.logs, `${one}.log`),
    prefix: name === undefined ? `${one.padEnd(21)} | ` : '',
  }));
  const sizes = shown.map(({ path }) => statSync(path).size);
  for (const { path, prefix } of shown) for (const line of lastLines(path, LINES)) console.log(prefix + line);
  if (isFollowed) await follow(shown, sizes);
}

/** @param {{ path: string, prefix: string }[]} shown @param {number[]} from @returns {Promise<never>} */
async function follow(shown, from) {
  const offsets = [...from];
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    shown.forEach(({ path, prefix }, index) => {
      const size = statSync(path).size;
      const offset = Math.min(offsets[index] ?? 0, size);
      const added = readFrom(path, offset, size - offset);
      // A half-written line waits until it is complete.
      const whole = added.subarray(0, added.lastIndexOf('\n') + 1);
      offsets[index] = offset + whole.length;
      if (whole.length > 0) process.stdout.write(whole.toString().replace(/^(?=.)/gm, prefix));
    });
  }
}

/** @param {string} path @param {number} offset @param {number} length */
function readFrom(path, offset, length) {
  const buffer = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
  } finally {
    closeSync(file);
  }
}
