import { configSchema as atmApi } from '../../../apps/atm-api/src/config';
import { configSchema as cartApi } from '../../../apps/cart-api/src/config';
import { configSchema as cartWorker } from '../../../apps/cart-worker/src/config';
import { configSchema as checkoutWorker } from '../../../apps/checkout-worker/src/config';
import { configSchema as inventoryManager } from '../../../apps/inventory-manager/src/config';
import { configSchema as monitoring } from '../../../apps/monitoring/src/config';
import { configSchema as walletApi } from '../../../apps/wallet-api/src/config';

/** The settings schema of each app, to compare with other lists of settings. */
export const APP_CONFIGS = {
  'atm-api': atmApi,
  'cart-api': cartApi,
  'cart-worker': cartWorker,
  'checkout-worker': checkoutWorker,
  'inventory-manager': inventoryManager,
  monitoring: monitoring,
  'wallet-api': walletApi,
};
