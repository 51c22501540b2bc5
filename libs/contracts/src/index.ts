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
export * from './analytics-routes';
export { buildAsyncApi } from './async-api';
export * from './atm-api';
export { ATM_FAILURES } from './atm-failures';
export { MACHINE_ID } from './atm-fields';
export * from './atm-routes';
export * from './atm-store';
export * from './caller';
export * from './cart-api';
export * from './cart-messages';
export * from './checkout-messages';
export * from './common-failures';
export * from './failure-declaration';
export * from './fields';
export * from './fraud-messages';
export * from './fraud-routes';
export * from './fraud-schemas';
export * from './message';
export { readMoment } from './moment-parameter';
export * from './monitoring-api';
export { NOTIFICATION_FAILURES } from './notification-failures';
export * from './notification-routes';
export * from './order';
export * from './route';
export * from './topology';
export * from './wallet-account-routes';
export * from './wallet-api';
export { WALLET_FAILURES } from './wallet-failures';
export { BALANCE_MAX_MINOR, OPERATION_AMOUNT_MAX_MINOR, WALLET_DEMO } from './wallet-fields';
export * from './wallet-messages';
export * from './wallet-operation-routes';
export * from './wallet-schemas';
export * from './wallet-transfer-routes';
export * from './webhook-routes';
export { DELIVERY_STATES, type DeliveryState } from './webhook-schemas';
