import { checkoutJobsQueue } from '@souk/contracts';
import { redriveCommand } from '@souk/messaging';
import { runApp } from '@souk/service';
import { buildApp } from './app';
import { configSchema } from './config';

/** Every participant remembers what it did for at least this long. */
const AGE_MAX_HOURS = 30 * 24;

const [command, queue] = process.argv.slice(2);

if (command === 'redrive') {
  const queues = [checkoutJobsQueue.name];
  void redriveCommand(process.env, { queue, queues, ageMaxHours: AGE_MAX_HOURS }).then((code) => process.exit(code));
} else {
  void runApp('checkout-worker', configSchema, process.env, buildApp);
}
