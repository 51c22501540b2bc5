// @ts-check
import { join } from 'node:path';
import { ROOT } from '../../machine/paths.mjs';
import { runCommand } from '../../machine/run-command.mjs';
import { auditorEnvironment } from '../../settings/auditor.mjs';
import { readSettings } from '../../settings/settings.mjs';
import { baseEnvironment } from '../supervision/process-spec.mjs';
import { checkBuilt } from './build.mjs';

/**
 * Checks the live databases and the cash machines against the promises.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {{ isJson: boolean }} options
 * @returns {Promise<number>} the auditor's exit code
 * @throws {Failure} if the auditor was never built or the settings are incomplete
 */
export async function audit(home, { isJson }) {
  await checkBuilt(['auditor']);
  const settings = readSettings(home);
  /** @param {'mysql' | 'redis'} engine */
  const at = (engine) => ({ host: '127.0.0.1', port: settings.ports[engine] });
  const { code } = await runCommand(
    process.execPath,
    [join(ROOT, 'dist/apps/auditor/main.js'), ...(isJson ? ['--json'] : [])],
    {
      env: { ...baseEnvironment(), ...auditorEnvironment(settings, { mysql: at('mysql'), redis: at('redis') }) },
      isInteractive: true,
    },
  );
  return code;
}
