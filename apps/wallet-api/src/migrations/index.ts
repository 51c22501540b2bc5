import type { Migration } from '@souk/database';
import { ledger } from './0001-ledger';
import { payersByAccount } from './0002-payers-by-account';
import { keyScopes } from './0003-key-scopes';

export const migrations: readonly Migration[] = [ledger, payersByAccount, keyScopes];
