import { addColumn, type Migration } from '@souk/database';

export const declineReasons: Migration = {
  name: '0004-decline-reasons',
  statements: addColumn('orders', 'reason', "VARCHAR(50) NOT NULL DEFAULT '' COMMENT 'why the payment was declined'"),
};
