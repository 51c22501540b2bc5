import type { Database } from '@souk/database';
import type { Config } from '../config';
import type { Lane } from '../ledger/lane';

/** An account that receives the payments for what the shop sells or a cash machine dispenses. */
interface MerchantAccount {
  reference: string;
  name: string;
}

/** The shop's account and one for each cash machine. */
export const merchantAccountsOf = ({
  MERCHANT_REFERENCE,
  ATM_REFERENCES,
}: Pick<Config, 'MERCHANT_REFERENCE' | 'ATM_REFERENCES'>): MerchantAccount[] => [
  { reference: MERCHANT_REFERENCE, name: 'The shop' },
  ...ATM_REFERENCES.map((reference) => ({ reference, name: 'Cash machine' })),
];

/**
 * Opens the missing merchant accounts before anyone else can take their references and be paid. Several replicas may do this at
 * once.
 * @throws Error if a reference belongs to a customer, because refunds couldn't overdraw that wallet
 */
export async function openMerchantAccounts(
  { db, lane }: { db: Database; lane: Lane },
  accounts: readonly MerchantAccount[],
): Promise<void> {
  const existingRoles = await rolesOf(db, accounts);
  const missingAccounts = accounts.filter(({ reference }) => !existingRoles.has(reference));
  const origin = { actor: 'wallet-api', correlationId: 'open-merchant-accounts' };
  await lane.submit<'open'>(
    missingAccounts.map((account) => ({ kind: 'open', role: 'merchant', initialBalance: 0n, ...account, ...origin })),
  );
  // Another caller may have opened one of them first, as a customer.
  for (const [reference, role] of await rolesOf(db, accounts))
    if (role !== 'merchant')
      throw new Error(
        `the account with reference ${reference} belongs to a ${role}; choose another reference for the shop or the machine`,
      );
}

async function rolesOf(db: Database, accounts: readonly MerchantAccount[]): Promise<Map<string, string>> {
  const rows = await db.rows<{ reference: string; role: string }>(
    'SELECT reference, role FROM account WHERE reference IN (?)',
    [accounts.map(({ reference }) => reference)],
  );
  return new Map(rows.map(({ reference, role }) => [reference, role]));
}
