import { addColumn, type Migration } from '@souk/database';

/*
 * A line of a statement needs only its posting, instead of four lookups in large tables and indexes. Postings that a replica of the
 * previous release wrote, and those from before this migration, have no type. Their transactions are read instead.
 */
export const postingPurposes: Migration = {
  name: '0004-posting-purposes',
  statements: [
    ...addColumn(
      'posting',
      'type',
      "VARCHAR(20) NULL COMMENT 'of its transaction; NULL if an earlier release wrote it'",
    ),
    ...addColumn('posting', 'order_id', "VARCHAR(100) NULL COMMENT 'the order of a charge or of its refund'"),
    ...addColumn('posting', 'withdrawal_id', "VARCHAR(100) NULL COMMENT 'the withdrawal of a charge or of its refund'"),
  ],
};
