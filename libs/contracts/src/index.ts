/*
 * Every contract, declared once. Terms used throughout:
 *
 * - job: a command on a queue; its id identifies its effect, so that delivering it again changes nothing.
 * - inbox: the table of job ids already applied, written in the same transaction as the effect.
 * - outbox: the table of messages that follow from a database change, written in the same transaction as the change.
 * - reservation: stock held for one order, all of its items or none, until commit, rollback or expiry.
 * - tombstone: a final state stored for an id that never started, so that a late start is refused.
 * - settle: an order settles once, when it goes from `processing` to `completed` or `failed`.
 * - replay: the first answer, given again to a request with the same idempotency key.
 * - dead letter: a message that cannot be processed, kept in `<queue>.dead` with its reason until it is redriven.
 */
export * from './monitoring/analytics-routes';
export { buildAsyncApi } from './async-api';
export * from './atm/atm-api';
export { ATM_FAILURES } from './atm/atm-failures';
export { MACHINE_ID } from './atm/atm-fields';
export * from './atm/atm-routes';
export * from './atm/atm-store';
export * from './declaration/caller';
export * from './cart/cart-api';
export { QUANTITY_MAX, STOCK_MAX } from './cart/cart-fields';
export * from './cart/cart-job-messages';
export * from './cart/cart-query-messages';
export * from './cart/cart-routes';
export { cartSchema, productSchema, type Cart, type Product, type StockedProduct } from './cart/cart-schemas';
export * from './cart/checkout-messages';
export * from './cart/order';
export * from './cart/order-messages';
export * from './cart/order-routes';
export * from './cart/product-routes';
export * from './declaration/common-failures';
export * from './declaration/failure-declaration';
export * from './declaration/fields';
export * from './monitoring/fraud-messages';
export * from './monitoring/fraud-routes';
export * from './monitoring/fraud-schemas';
export * from './declaration/message';
export { readMoment } from './declaration/moment-parameter';
export * from './monitoring/monitoring-api';
export { NOTIFICATION_FAILURES } from './monitoring/notification-failures';
export * from './monitoring/notification-routes';
export * from './declaration/route';
export * from './topology';
export * from './wallet/wallet-account-routes';
export * from './wallet/wallet-api';
export { WALLET_FAILURES } from './wallet/wallet-failures';
export { BALANCE_MAX_MINOR, OPERATION_AMOUNT_MAX_MINOR, WALLET_DEMO } from './wallet/wallet-fields';
export * from './wallet/wallet-messages';
export * from './wallet/wallet-operation-routes';
export * from './wallet/wallet-schemas';
export * from './wallet/wallet-transfer-routes';
export * from './monitoring/webhook-routes';
export { DELIVERY_STATES, type DeliveryState } from './monitoring/webhook-schemas';
