import { redriveCommand } from '@souk/messaging';
import { runApp } from '@souk/service';
import { buildApp } from './app';
import { configSchema } from './config';
import { QUEUES } from './ingestion/consume-transactions';
import { keysCommand } from './keys/keys-command';
import { rebuildCommand } from './rebuild/rebuild-command';

/** Redriving is safe at any age: an event that was applied in the meantime is skipped as a duplicate. */
const AGE_MAX_HOURS = 10 * 365 * 24;

const [command, argument, ...options] = process.argv.slice(2);

if (command === 'rebuild') {
  void rebuildCommand(argument, process.env).then((code) => process.exit(code));
} else if (command === 'keys') {
  void keysCommand(argument, options, process.env).then((code) => process.exit(code));
} else if (command === 'redrive') {
  const queues = Object.values(QUEUES).map(({ name }) => name);
  void redriveCommand(process.env, { queue: argument, queues, ageMaxHours: AGE_MAX_HOURS }).then((code) =>
    process.exit(code),
  );
} else {
  void runApp('monitoring', configSchema, process.env, buildApp);
}
