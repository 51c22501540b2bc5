/** The amount of data at one scale. */
export interface Shape {
  customers: number;
  products: number;
  transactions: number;
  idempotencyKeys: number;
  /** The number of customers who share half of the transactions. */
  heavyCustomers: number;
  lightCustomers: number;
}

export const SCALES = [1, 10, 100] as const;
export type Scale = (typeof SCALES)[number];

const CUSTOMERS = 5_000;
const PRODUCTS = 200;
const TRANSACTIONS = 52_500;
const IDEMPOTENCY_KEYS = 100_000;

/**
 * At a scale of 100: 500,000 customers, 20,000 products, 1,000,000 orders, 10,000,000 postings and 10,000,000 idempotency keys. A
 * tenth of the customers have half of the transactions, and the first customer has a hundredth of them.
 */
export function shapeOf(scale: Scale): Shape {
  const customers = CUSTOMERS * scale;
  const heavyCustomers = customers / 10;
  return {
    customers,
    products: PRODUCTS * scale,
    transactions: TRANSACTIONS * scale,
    idempotencyKeys: IDEMPOTENCY_KEYS * scale,
    heavyCustomers,
    lightCustomers: customers - 1 - heavyCustomers,
  };
}

export const customerOf = (index: number): string => `shopper-${String(index).padStart(6, '0')}`;
export const productOf = (index: number): string => `item-${String(index).padStart(6, '0')}`;
/** The shop that the orders were paid to. */
export const MERCHANT = 'former-shop';
