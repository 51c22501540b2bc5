import { cartJobsQueue, checkoutResultsQueue } from '@souk/contracts';
import { redriveCommand } from '@souk/messaging';
import { runApp } from '@souk/service';
import { buildApp } from './app';
import { configSchema, KEY_KEPT_DAYS } from './config';

const [command, queue] = process.argv.slice(2);

if (command === 'redrive') {
  const queues = [cartJobsQueue.name, checkoutResultsQueue.name];
  void redriveCommand(process.env, { queue, queues, ageMaxHours: KEY_KEPT_DAYS * 24 }).then((code) =>
    process.exit(code),
  );
} else {
  void runApp('cart-worker', configSchema, process.env, buildApp);
}
