import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import { withProgress } from '../console/progress';
import { loggedFailure, logFile } from '../machine/log-file';
import { ROOT, type Home } from '../machine/paths';
import { runCommand } from '../machine/run-command';

/** @param home for the log */
export async function buildApps(home: Home): Promise<void> {
  const title = 'Building the apps';
  const log = logFile(home, 'build');
  writeFileSync(log, '');
  const nx = join(ROOT, 'node_modules/.bin/nx');
  const args = ['run-many', '-t', 'build', '--projects=tag:app', '--outputStyle=stream'];
  const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };
  const result = await withProgress(title, () => runCommand(nx, args, { cwd: ROOT, env, logFile: log }));
  if (result.code !== 0) throw loggedFailure(title, log, result);
}

/** @throws Failure if one of these apps has never been built */
export function requireBuilt(names: readonly string[]): void {
  const missing = names.filter((name) => !existsSync(join(ROOT, 'dist/apps', name, 'main.js')));
  if (missing.length > 0) throw new Failure(`Not built yet: ${missing.join(', ')}. Run: npm run build`);
}
