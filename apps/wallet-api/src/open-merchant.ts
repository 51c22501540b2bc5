import type { Database } from '@souk/database';
import type { Lane } from './ledger/lane';

/**
 * Opens the account that checkouts are paid to, where there is none yet. Several replicas may do it at once.
 * @throws Error when the reference is a customer's: that wallet could not be overdrawn by refunds
 */
export async function openMerchant({ db, lane }: { db: Database; lane: Lane }, reference: string): Promise<void> {
  const isThere = async () => {
    const [row] = await db.rows<{ role: string }>('SELECT role FROM account WHERE reference = ?', [reference]);
    if (row && row.role !== 'merchant') throw new Error(`the account with reference ${reference} is no merchant's`);
    return row !== undefined;
  };
  if (await isThere()) return;
  const origin = { actor: 'wallet-api', correlationId: 'open-merchant' };
  await lane.submit<'open'>([
    {
      kind: 'open',
      role: 'merchant',
      name: 'The shop',
      reference,
      initialBalance: 0n,
      ...origin,
    },
  ]);
  // Somebody else may have been first.
  await isThere();
}
