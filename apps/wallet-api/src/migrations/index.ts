import type { Migration } from '@souk/database';
import { ledger } from './0001-ledger';
import { payersByAccount } from './0002-payers-by-account';

export const migrations: readonly Migration[] = [ledger, payersByAccount];
