import { runApp } from '@souk/service';
import { buildApp } from './app';
import { configSchema } from './config';

void runApp('transaction-consumers', configSchema, process.env, buildApp);
