import type { Tampering } from './tampering';

/** Tampering with orders, stock and reservations. */
export const TAMPERINGS_OF_THE_SHOP: Tampering[] = [
  [
    'a charged order is missing, and its stock was returned',
    [
      "DELETE FROM cart.orders WHERE order_id = 'order-paid'",
      "UPDATE inventory.reservation_outcome SET outcome = 'rolled_back' WHERE reserve_id = 'order-paid'",
    ],
    { 'payment-has-its-order': ['order-paid'], 'stock-is-what-was-set': ['cup', 'lamp'] },
  ],
  [
    'an order with committed stock is missing, and its payment was refunded',
    [
      "DELETE FROM cart.orders WHERE order_id = 'order-back'",
      "UPDATE inventory.reservation_outcome SET outcome = 'committed' WHERE reserve_id = 'order-back'",
    ],
    { 'stock-taken-has-its-order': ['order-back'], 'stock-is-what-was-set': ['cup', 'lamp'] },
  ],
  [
    'all orders are missing, as after restoring an older backup of their schema',
    ['DELETE FROM cart.orders', 'DELETE FROM cart.order_item'],
    { 'payment-has-its-order': ['order-paid'], 'stock-taken-has-its-order': ['order-paid', 'order-free'] },
  ],
  [
    'a completed order was never charged',
    ["UPDATE cart.orders SET total = 1 WHERE order_id = 'order-free'"],
    { 'completed-order-was-paid': ['order-free'] },
  ],
  [
    'a completed order was refunded',
    [
      "UPDATE cart.orders SET status = 'completed' WHERE order_id = 'order-back'",
      "UPDATE inventory.reservation_outcome SET outcome = 'committed' WHERE reserve_id = 'order-back'",
    ],
    { 'completed-order-was-paid': ['order-back'], 'stock-is-what-was-set': ['cup', 'lamp'] },
  ],
  [
    'an order was charged to another customer',
    ["UPDATE cart.orders SET client_id = 'eve' WHERE order_id = 'order-paid'"],
    { 'completed-order-was-paid': ['order-paid'] },
  ],
  [
    'a failed order is charged',
    [
      "UPDATE cart.orders SET status = 'failed' WHERE order_id = 'order-paid'",
      "UPDATE inventory.reservation_outcome SET outcome = 'rolled_back' WHERE reserve_id = 'order-paid'",
    ],
    { 'failed-order-costs-nothing': ['order-paid'], 'stock-is-what-was-set': ['cup', 'lamp'] },
  ],
  [
    'the stock of a completed order was not taken',
    ["DELETE FROM inventory.reservation_outcome WHERE reserve_id = 'order-paid'"],
    { 'completed-order-took-its-stock': ['order-paid'], 'stock-is-what-was-set': ['cup', 'lamp'] },
  ],
  [
    'a failed order took stock',
    ["UPDATE inventory.reservation_outcome SET outcome = 'committed' WHERE reserve_id = 'order-poor'"],
    { 'completed-order-took-its-stock': ['order-poor'], 'stock-is-what-was-set': ['cup', 'lamp'] },
  ],
  [
    'a completed order took other goods',
    ['UPDATE inventory.reservation SET items = \'[["cup",1],["lamp",3]]\' WHERE reserve_id = \'order-paid\''],
    { 'stock-taken-is-what-was-ordered': ['order-paid'], 'stock-is-what-was-set': ['lamp'] },
  ],
  [
    'stock was changed without a record',
    ["UPDATE inventory.product_details SET quantity = 6 WHERE product_id = 'cup'"],
    { 'stock-is-what-was-set': ['cup'] },
  ],
  [
    'the record of a change is missing',
    ["DELETE FROM inventory.stock_change WHERE product_id = 'lamp' AND quantity_from > 0"],
    { 'stock-is-what-was-set': ['lamp'] },
  ],
  [
    'stock is negative',
    ["UPDATE inventory.product_details SET quantity = -1 WHERE product_id = 'cup'"],
    { 'stock-not-negative': ['cup'], 'stock-is-what-was-set': ['cup'] },
  ],
  [
    'more is reserved than is on hand',
    ["UPDATE inventory.product_details SET quantity = 4 WHERE product_id = 'lamp'"],
    { 'reserved-is-on-hand': ['lamp'], 'stock-is-what-was-set': ['lamp'] },
  ],
  [
    'a reservation that ended holds stock',
    ["UPDATE inventory.reserve_purchase SET reserve_id = 'order-poor'"],
    { 'ended-reservation-holds-nothing': ['order-poor'] },
  ],
];
