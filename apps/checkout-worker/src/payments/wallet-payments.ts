import { createWalletClient, type GrpcTarget } from '@souk/grpc';
import type { PaymentProvider } from './payment-provider';

interface WalletPaymentsOptions extends GrpcTarget {
  /** Time limit of each call, including its retries; after that, the outcome is unknown. */
  timeoutMs: number;
  /** Reference of the account that checkouts are paid to. */
  merchantReference: string;
}

/** Charges through the wallet: a customer's clientID is the reference of the account that pays. */
export function createWalletPayments({
  timeoutMs,
  merchantReference,
  ...target
}: WalletPaymentsOptions): PaymentProvider {
  const wallet = createWalletClient({ ...target, timeoutMs, caller: 'checkout-worker' });
  return {
    name: 'wallet',
    charge: (charges) =>
      wallet.charge(
        charges.map(({ paymentID, payer, amount, currency, actor }) => ({
          paymentId: paymentID,
          payer: { reference: payer },
          payeeReference: merchantReference,
          amount,
          currency,
          actor,
        })),
      ),
    cancel: (paymentIDs) => wallet.cancel(paymentIDs),
    get: (paymentIDs) => wallet.get(paymentIDs),
    ping: () => wallet.ping(),
    close: () => Promise.resolve(wallet.close()),
  };
}
