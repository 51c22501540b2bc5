// @ts-check
import { join } from 'node:path';
import { APPS, rabbitmqUrl } from './apps.mjs';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';
import { baseEnvironment } from './process-spec.mjs';
import { runCommand } from './run-command.mjs';
import { readSettings } from './settings.mjs';

/**
 * Sends the dead letters of a queue back to it. The app that consumes the queue, after which it is named, knows how.
 *
 * @param {import('./paths.mjs').Home} home
 * @param {string} queue
 */
export async function redrive(home, queue) {
  const consumer = APPS.find(({ name }) => queue.startsWith(`${name}.`));
  if (!consumer) throw new Failure(`redrive wants the name of a queue, such as cart-worker.jobs, not "${queue}".`);
  const { code } = await runCommand(
    process.execPath,
    [join(ROOT, 'dist/apps', consumer.name, 'main.js'), 'redrive', queue],
    { env: { ...baseEnvironment(), RABBITMQ_URL: rabbitmqUrl(readSettings(home)) }, isInteractive: true },
  );
  if (code !== 0) throw new Failure(`Nothing more was redriven (exit ${code}).`);
}
