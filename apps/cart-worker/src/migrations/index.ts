import type { Migration } from '@souk/database';
import { cartsAndOrders } from './0001-carts-and-orders';

export const migrations: readonly Migration[] = [cartsAndOrders];
