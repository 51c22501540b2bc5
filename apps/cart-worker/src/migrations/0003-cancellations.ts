import { addColumn, type Migration } from '@souk/database';

export const cancellations: Migration = {
  name: '0003-cancellations',
  statements: addColumn(
    'orders',
    'cancel_requested_at',
    "DATETIME(3) NULL COMMENT 'from then on the order fails, unless it completes first'",
  ),
};
