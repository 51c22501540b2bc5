import { formatAmount } from '@souk/money';
import type { SoukSystem } from './souk-system';

/** The shop's, by the default settings. */
export const MERCHANT = 'merchant';

/** More than anybody spends in a scenario. */
const AMPLE = '1000000.00';

/**
 * Opens a wallet for each customer, with money from outside. Where payments are simulated nobody needs one, and none is opened.
 */
export async function openWallets(souk: SoukSystem, references: readonly string[], amount = AMPLE): Promise<void> {
  if (souk.payments === 'simulated') return;
  const open = async (reference: string) => {
    const { status } = await souk.sendToWallet('POST', '/accounts', { reference, initial_balance: amount });
    if (status !== 200) throw new Error(`a wallet for ${reference} was answered ${status}`);
  };
  await Promise.all(references.map(open));
}

/** What a wallet holds, such as "12.50"; `undefined` where there is none. */
export async function balanceOf(souk: SoukSystem, reference: string): Promise<string | undefined> {
  const [row] = await souk.rows<{ amount: number | string }>(
    'SELECT w.amount FROM wallet.wallet w JOIN wallet.account a ON a.id = w.account_id WHERE a.reference = ?',
    [reference],
  );
  return row && formatAmount(BigInt(row.amount));
}

/** What became of the payment of an order, as the wallet has it; `none` where nobody asked for it. */
export async function paymentState(souk: SoukSystem, orderID: string): Promise<string> {
  const [row] = await souk.rows<{ state: string }>('SELECT state FROM wallet.payment WHERE payment_id = ?', [orderID]);
  return row?.state ?? 'none';
}
