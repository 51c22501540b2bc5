import { digestOf } from '@souk/service';
import type { Product } from './inventory-state';

const VERSION_LENGTH = 22;

/** @returns a version that depends on the name, the price and the stock on hand of a product, but not on its reservations */
export const versionOf = ({ productName, unitPrice, currency, onHand }: Product): string =>
  digestOf(productName, unitPrice.toString(), currency, onHand.toString())
    .toString('base64url')
    .slice(0, VERSION_LENGTH);
