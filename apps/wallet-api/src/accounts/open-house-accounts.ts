import type { Database } from '@souk/database';
import type { Config } from '../config';
import type { Lane } from '../ledger/lane';

/** An account of the house, which receives the payments for what the shop sells or a cash machine dispenses. */
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
 * Opens the missing house accounts as merchants, before anyone else can take their references and be paid. Several replicas may
 * do this at once.
 * @throws Error if a reference belongs to a customer, because refunds couldn't overdraw that wallet
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
  // Someone else may have opened them first.
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
