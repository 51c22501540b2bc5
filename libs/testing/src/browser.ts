import { existsSync } from 'node:fs';

const EXECUTABLES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Finds a browser for tests; `npm test` installs one if it can.
 * @returns its path, or `undefined` if there is none and the tests that need one may be skipped
 * @throws Error in CI, where no test may be skipped
 */
export function findBrowser(): string | undefined {
  const path = EXECUTABLES.find((executable) => existsSync(executable));
  if (path === undefined && process.env['CI'])
    throw new Error('Chromium is not installed, and no test may be skipped in CI');
  return path;
}
