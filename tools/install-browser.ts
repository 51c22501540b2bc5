import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findExecutable } from './souk/machine/find-executable';
import { ROOT } from './souk/machine/paths';

/** Installs Chromium from the system's packages, for the tests that need a browser. If that fails, it only prints a warning. */
export function installBrowser(): void {
  if (findExecutable('chromium', 'chromium-browser', 'google-chrome') || !existsSync('/usr/bin/apt-get')) return;
  const install = ['bash', join(ROOT, 'tools/install-debian.sh'), 'chromium'];
  const [command = '', ...args] = process.getuid?.() === 0 ? install : ['sudo', '-n', ...install];
  console.log('Installing Chromium for the tests that need a browser …');
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) console.warn(`Chromium could not be installed: ${error?.message ?? stderr.trim().slice(-500)}`);
}
