import type { Migration } from '@souk/database';
import { cartsAndOrders } from './0001-carts-and-orders';
import { cartLocks } from './0002-cart-locks';
import { cancellations } from './0003-cancellations';
import { declineReasons } from './0004-decline-reasons';

export const migrations: readonly Migration[] = [cartsAndOrders, cartLocks, cancellations, declineReasons];
