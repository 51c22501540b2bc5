import type { Migration } from '@souk/database';
import { apiKeys } from './0001-api-keys';

export const keyMigrations: readonly Migration[] = [apiKeys];
