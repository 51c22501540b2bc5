import type { Database } from '@souk/database';
import type { AppContext } from '@souk/service';
import type { Config } from './config';
import type { Consumer, ConsumerName } from './consumer';

export interface ConsumerDeps extends AppContext {
  config: Config;
  db: Database;
}

/** How each consumer is made. */
export const consumerFactories: Partial<Record<ConsumerName, (deps: ConsumerDeps) => Consumer>> = {};
