import { id, integer } from '../declaration/fields';

/** The id of the order in the examples. */
export const EXAMPLE_ORDER_ID = '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d';

export const clientID = id('The client who owns the cart', 'demo-customer');
export const productID = id('The product', 'brass-lantern-small');
export const orderID = id('The order', EXAMPLE_ORDER_ID);

/** Maximum quantity of a cart line. */
export const QUANTITY_MAX = 1_000_000;
export const quantity = integer(1, QUANTITY_MAX, 'Quantity', 2);

/** Maximum stock on hand of a product. */
export const STOCK_MAX = 2_147_483_647;
