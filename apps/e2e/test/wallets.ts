import { formatAmount } from '@souk/money';
import type { SoukSystem } from './souk-system';

/** The reference of the shop's account in the default settings. */
export const MERCHANT = 'merchant';

/** More than any customer spends in a scenario. */
const AMPLE_BALANCE = '1000000.00';

/** Opens a wallet for each customer, with money from outside. Does nothing if payments are simulated. */
export async function openWallets(
  souk: SoukSystem,
  references: readonly string[],
  amount = AMPLE_BALANCE,
): Promise<void> {
  if (souk.payments === 'simulated') return;
  const open = async (reference: string) => {
    const { status } = await souk.sendToWallet('POST', '/accounts', { reference, initial_balance: amount });
    if (status !== 200) throw new Error(`opening a wallet for ${reference} returned ${status}`);
  };
  await Promise.all(references.map(open));
}

/** A wallet's balance, such as "12.50"; `undefined` if there is no wallet. */
export async function balanceOf(souk: SoukSystem, reference: string): Promise<string | undefined> {
  const [row] = await souk.rows<{ amount: number | string }>(
    'SELECT w.amount FROM wallet.wallet w JOIN wallet.account a ON a.id = w.account_id WHERE a.reference = ?',
    [reference],
  );
  return row && formatAmount(BigInt(row.amount));
}

/** The state of an order's payment in the wallet; `none` if no payment was requested. */
export async function paymentState(souk: SoukSystem, orderID: string): Promise<string> {
  const [row] = await souk.rows<{ state: string }>('SELECT state FROM wallet.payment WHERE payment_id = ?', [orderID]);
  return row?.state ?? 'none';
}
