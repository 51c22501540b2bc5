import type { Migration } from '@souk/database';
import { ledger } from './0001-ledger';
import { payersByAccount } from './0002-payers-by-account';
import { keyScopes } from './0003-key-scopes';
import { postingPurposes } from './0004-posting-purposes';

export const migrations: readonly Migration[] = [ledger, payersByAccount, keyScopes, postingPurposes];
