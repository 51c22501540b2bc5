// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { withProgress } from '../../console/progress.mjs';
import { lastLines, logFile } from '../../machine/log-file.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { runCommand } from '../../machine/run-command.mjs';

/**
 * Installs the npm packages if the lock file has changed.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export async function installPackages(home) {
  if (arePackagesFresh()) return;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  await runLogged(home, 'npm', 'Installing npm packages', 'npm', args);
  writeFileSync(stampFile(), lockHash());
}

/**
 * Installs the npm packages and builds the apps.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 */
export async function buildApps(home) {
  await installPackages(home);
  const args = ['run-many', '-t', 'build', '--projects=tag:app', '--outputStyle=stream'];
  await runLogged(home, 'build', 'Building the apps', join(ROOT, 'node_modules/.bin/nx'), args);
}

/** @param {string[]} names @throws {Failure} if one of these apps was never built */
export async function checkBuilt(names) {
  const missing = names.filter((name) => !existsSync(join(ROOT, 'dist/apps', name, 'main.js')));
  if (missing.length === 0) return;
  throw new Failure(`Not built yet: ${missing.join(', ')}. Run: npx nx run-many -t build --projects=tag:app`);
}

/** Whether node_modules matches the lock file, by our stamp or npm's own. */
function arePackagesFresh() {
  const npmStamp = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(npmStamp)) return false;
  if (existsSync(stampFile())) return readFileSync(stampFile(), 'utf8') === lockHash();
  return statSync(npmStamp).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;
}

function stampFile() {
  return join(ROOT, 'node_modules/.souk-package-lock-hash');
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}

/**
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {string} name of the log
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 */
async function runLogged(home, name, title, command, args) {
  const file = logFile(home, name);
  writeFileSync(file, '');
  const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };
  const { code, stderr } = await withProgress(title, () =>
    runCommand(command, args, { cwd: ROOT, env, logFile: file }),
  );
  if (code === 0) return;
  const end = [stderr, ...lastLines(file, 25)].filter((line) => line !== '').map((line) => `  ${line}`);
  throw new Failure(
    [`${title} failed (exit ${code}). The end of the log:`, ...end, `The whole log: ${file}`].join('\n'),
  );
}
