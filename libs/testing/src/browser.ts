import { existsSync } from 'node:fs';

const EXECUTABLES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Finds a browser for tests; `npm test` installs one where it can.
 * @returns its path, or `undefined` where tests that need one may be left out
 * @throws Error in CI, where none may be left out
 */
export function findBrowser(): string | undefined {
  const path = EXECUTABLES.find((each) => existsSync(each));
  if (path === undefined && process.env['CI']) throw new Error('no Chromium here, and CI leaves no test out');
  return path;
}
