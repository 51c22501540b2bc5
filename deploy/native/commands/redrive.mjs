// @ts-check
import { join } from 'node:path';
import { Failure } from '../../console/failure.mjs';
import { ROOT } from '../../machine/paths.mjs';
import { runCommand } from '../../machine/run-command.mjs';
import { APPS, rabbitmqUrl } from '../settings/apps.mjs';
import { appOfQueue } from '../../settings/consumers.mjs';
import { readSettings } from '../../settings/settings.mjs';
import { baseEnvironment } from '../supervision/process-spec.mjs';

/**
 * Sends the dead letters of a queue back to it. This is done by the app that consumes the queue; the queue's name starts with it.
 *
 * @param {import('../../machine/paths.mjs').Home} home
 * @param {string} queue
 */
export async function redrive(home, queue) {
  const consumer = APPS.find(({ name }) => name === appOfQueue(queue));
  if (!consumer) throw new Failure(`redrive wants the name of a queue, such as cart-worker.jobs, not "${queue}".`);
  const { code } = await runCommand(
    process.execPath,
    [join(ROOT, 'dist/apps', consumer.name, 'main.js'), 'redrive', queue],
    { env: { ...baseEnvironment(), RABBITMQ_URL: rabbitmqUrl(readSettings(home)) }, isInteractive: true },
  );
  if (code !== 0) throw new Failure(`Nothing more was redriven (exit ${code}).`);
}
