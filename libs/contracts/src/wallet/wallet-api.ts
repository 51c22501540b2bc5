import {
  createAccountRoute,
  creditRoute,
  debitRoute,
  getAccountRoute,
  getBalanceRoute,
  listAccountsRoute,
  listAccountTransactionsRoute,
} from './wallet-account-routes';
import { createWalletRoute, getWalletRoute, walletOperationRoute } from './wallet-operation-routes';
import { replenishRoute, transferRoute } from './wallet-transfer-routes';

/** Every route of the Wallet API: three families of routes, for different clients, on one ledger. */
export const WALLET_API_ROUTES = [
  createAccountRoute,
  listAccountsRoute,
  getAccountRoute,
  getBalanceRoute,
  listAccountTransactionsRoute,
  creditRoute,
  debitRoute,
  replenishRoute,
  transferRoute,
  createWalletRoute,
  getWalletRoute,
  walletOperationRoute,
] as const;

/** The heading of the Wallet API's documentation. */
export const WALLET_API_DESCRIPTION = {
  title: 'Souk Wallet API',
  version: '1.0.0',
  description:
    'Accounts, wallets and transfers in USD on a double-entry ledger. Amounts are decimal strings or numbers with at most two decimals, and are ' +
    'never rounded. Failures are problem details (RFC 9457) with `detail` and a stable `code`. A POST with an ' +
    '`Idempotency-Key` can be retried without a second effect.',
};
