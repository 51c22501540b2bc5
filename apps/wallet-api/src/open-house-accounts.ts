import type { Database } from '@souk/database';
import type { Config } from './config';
import type { Lane } from './ledger/lane';

/** An account of the house: what it sells or hands out is paid to it. */
export interface HouseAccount {
  reference: string;
  name: string;
}

/** The shop's account and one for each cash machine. */
export const houseAccountsOf = ({
  MERCHANT_REFERENCE,
  ATM_REFERENCES,
}: Pick<Config, 'MERCHANT_REFERENCE' | 'ATM_REFERENCES'>): HouseAccount[] => [
  { reference: MERCHANT_REFERENCE, name: 'The shop' },
  ...ATM_REFERENCES.map((reference) => ({ reference, name: 'Cash machine' })),
];

/**
 * Opens as merchants the accounts of the house that are not there yet, before anybody else can take their references and be
 * paid. Several replicas may do it at once.
 * @throws Error when a reference is a customer's: that wallet could not be overdrawn by refunds
 */
export async function openHouseAccounts(
  { db, lane }: { db: Database; lane: Lane },
  accounts: readonly HouseAccount[],
): Promise<void> {
  const known = await rolesOf(db, accounts);
  const missing = accounts.filter(({ reference }) => !known.has(reference));
  const origin = { actor: 'wallet-api', correlationId: 'open-house-accounts' };
  await lane.submit<'open'>(
    missing.map((account) => ({ kind: 'open', role: 'merchant', initialBalance: 0n, ...account, ...origin })),
  );
  // Somebody else may have been first.
  for (const [reference, role] of await rolesOf(db, accounts))
    if (role !== 'merchant')
      throw new Error(
        `the account with reference ${reference} is a ${role}'s; choose another for the shop or the machine`,
      );
}

async function rolesOf(db: Database, accounts: readonly HouseAccount[]): Promise<Map<string, string>> {
  const rows = await db.rows<{ reference: string; role: string }>(
    'SELECT reference, role FROM account WHERE reference IN (?)',
    [accounts.map(({ reference }) => reference)],
  );
  return new Map(rows.map(({ reference, role }) => [reference, role]));
}
