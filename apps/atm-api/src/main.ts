import { runApp } from '@souk/service';
import { buildApp } from './app';
import { configSchema } from './config';

void runApp('atm-api', configSchema, process.env, buildApp);
