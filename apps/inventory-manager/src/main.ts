import { runApp } from '@souk/service';
import { buildApp } from './app';
import { configSchema } from './config';

void runApp('inventory-manager', configSchema, process.env, buildApp);
