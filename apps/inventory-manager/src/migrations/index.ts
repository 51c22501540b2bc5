import type { Migration } from '@souk/database';
import { productsAndReservations } from './0001-products-and-reservations';

export const migrations: readonly Migration[] = [productsAndReservations];
