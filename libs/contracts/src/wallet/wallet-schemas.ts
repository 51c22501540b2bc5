import { z } from 'zod';
import { currency, moment } from '../declaration/fields';
import { next } from '../declaration/paging';
import { signedAmount, WALLET_DEMO } from './wallet-fields';

/** The types of transactions: the reasons for which money moves. */
export const TRANSACTION_TYPES = [
  'replenish',
  'transfer',
  'credit',
  'debit',
  'deposit',
  'withdrawal',
  'charge',
  'refund',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

export const transactionType = z.enum(TRANSACTION_TYPES).meta({ description: 'Type of the transaction' });

const TRANSACTION = '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d';
export const transactionId = z.string().meta({ description: 'The transaction', example: TRANSACTION });
const createdAt = moment('When it was created');

/** The order or the cash withdrawal that a charge or a refund belongs to. */
export const paidFor = {
  order_id: z.string().optional().meta({ description: 'The order that a charge or refund belongs to' }),
  withdrawal_id: z.string().optional().meta({ description: 'The cash withdrawal that a charge or refund belongs to' }),
};

export const accountSchema = z
  .object({
    id: z.string().meta({ description: 'The account', example: WALLET_DEMO.accountId }),
    name: z.string().nullable().meta({ description: 'Display name; null if it has none', example: 'Ada' }),
    reference: z
      .string()
      .nullable()
      .meta({ description: "External reference, such as a shop's clientID; null if it has none" }),
    created_at: createdAt,
    wallet: z.object({
      id: z.string().meta({ description: 'The wallet', example: WALLET_DEMO.walletId }),
      amount: signedAmount(
        "The balance. A customer's never falls below zero; refunds may overdraw the shop's",
        '50.00',
      ),
      currency,
    }),
  })
  .meta({ id: 'Account' });

/** The fields of every view of a posting. */
const posting = {
  id: z.string().meta({ description: 'The posting' }),
  wallet_id: z
    .string()
    .meta({ description: 'The wallet on this side of the transaction', example: WALLET_DEMO.walletId }),
  amount: signedAmount('The amount that came in; negative if it went out', '-12.50'),
  currency,
};

const postingSchema = z
  .object({
    ...posting,
    balance_after: signedAmount(
      'Balance of the wallet after the posting; null for a system account',
      '37.50',
    ).nullable(),
  })
  .meta({ id: 'Posting' });

export const transactionSchema = z
  .object({
    id: transactionId,
    type: transactionType,
    status: z.enum(['completed', 'failed']).meta({ description: 'A failed transaction moved nothing' }),
    created_at: createdAt,
    postings: z.array(postingSchema).meta({ description: 'Both sides; their amounts sum to zero' }),
  })
  .meta({ id: 'Transaction' });

const statementLineSchema = z
  .object({
    ...posting,
    balance_after: signedAmount('Balance of the account after the posting', '37.50'),
    transaction_id: transactionId,
    type: transactionType,
    created_at: createdAt,
    ...paidFor,
  })
  .meta({ id: 'StatementLine' });

export const statementSchema = z.object({ items: z.array(statementLineSchema), next }).meta({ id: 'Statement' });

export const walletSchema = z
  .object({
    id: z.string().meta({ description: 'The wallet', example: WALLET_DEMO.walletId }),
    balance: signedAmount('The balance', '50.00'),
    created_at: createdAt,
    updated_at: moment('When the balance last changed'),
  })
  .meta({ id: 'Wallet' });

export const OPERATION_TYPES = ['DEPOSIT', 'WITHDRAW'] as const;

export const operationSchema = z
  .object({
    id: transactionId,
    wallet_id: z.string().meta({ description: 'The wallet', example: WALLET_DEMO.walletId }),
    operation_type: z.enum(OPERATION_TYPES),
    amount: z
      .string()
      .meta({ description: 'The amount moved, without a sign', example: '12.50', pattern: String.raw`^\d+\.\d{2}$` }),
    status: z.enum(['SUCCESS', 'FAILED']).meta({
      description: '`FAILED`: the database still failed after retries; it is certain that nothing was moved',
    }),
    created_at: createdAt,
  })
  .meta({ id: 'Operation' });
