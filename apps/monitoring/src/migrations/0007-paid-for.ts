import { addColumn, type Migration } from '@souk/database';

// As wide as the id of a payment.
const PAYMENT_ID = 'VARCHAR(100) NULL';

export const paidFor: Migration = {
  name: '0007-paid-for',
  statements: [
    ...addColumn('notification', 'order_id', `${PAYMENT_ID} COMMENT 'of a charge or of its refund'`),
    ...addColumn('notification', 'withdrawal_id', `${PAYMENT_ID} COMMENT 'of a charge or of its refund'`),
  ],
};
