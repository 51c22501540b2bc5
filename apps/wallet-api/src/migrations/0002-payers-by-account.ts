import { addColumn, type Migration } from '@souk/database';

/*
 * As wide as a reference: an id is kept as it was asked for, also when no account could have it. A payment has either of the
 * two. A replica that is still of the release before tells such a payment as it is, and can't refund it: whoever cancels asks
 * again.
 */
export const payersByAccount: Migration = {
  name: '0002-payers-by-account',
  statements: addColumn(
    'payment',
    'payer_account_id',
    "VARCHAR(100) NULL COMMENT 'the account that pays, where it is not named by payer_reference'",
  ),
};
