import { addColumn, type Migration } from '@souk/database';

/*
 * As wide as a reference: an id is stored as requested, even if no account could have it. A payment has one of the two. A replica
 * of the previous release reports the state of such a payment correctly, but can't refund it: the caller has to repeat the
 * cancellation.
 */
export const payersByAccount: Migration = {
  name: '0002-payers-by-account',
  statements: addColumn(
    'payment',
    'payer_account_id',
    "VARCHAR(100) NULL COMMENT 'the account that pays, where it is not named by payer_reference'",
  ),
};
