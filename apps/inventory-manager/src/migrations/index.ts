import type { Migration } from '@souk/database';
import { productsAndReservations } from './0001-products-and-reservations';
import { stockChanges } from './0002-stock-changes';

export const migrations: readonly Migration[] = [productsAndReservations, stockChanges];
