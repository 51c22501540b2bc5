import type { Migration } from '@souk/database';
import { ledger } from './0001-ledger';

export const migrations: readonly Migration[] = [ledger];
