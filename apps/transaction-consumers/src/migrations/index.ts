import type { Migration } from '@souk/database';
import { delivery } from './0001-delivery';

export const migrations: readonly Migration[] = [delivery];
