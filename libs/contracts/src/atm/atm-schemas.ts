import { z } from 'zod';
import { moment } from '../declaration/fields';
import { next } from '../declaration/paging';

const pieces = (description: string, example: Record<string, number>) =>
  z.record(z.string(), z.number().int()).meta({ description, example });

const cash = z
  .object({
    BILL: pieces('Bills by denomination', { '200': 1 }),
    COIN: pieces('Coins by denomination', { '0.1': 9 }),
  })
  .meta({ id: 'Cash' });

export const withdrawalSchema = z
  .object({
    requested_amount: z.number().meta({ description: 'The requested amount, to the cent', example: 200.9 }),
    withdrawal: cash,
  })
  .meta({ id: 'Withdrawal' });

export const refillSchema = z
  .object({ refilled: pieces('The pieces that were added, by denomination', { '0.1': 5, '20': 15, '100': 30 }) })
  .meta({ id: 'Refill' });

export const inventorySchema = z
  .object({
    result: z.object({
      bills: pieces('Bills by denomination; those that have run out are omitted', { '200': 7, '100': 4, '20': 15 }),
      coins: pieces('Coins by denomination; those that have run out are omitted', {
        '10': 10,
        '5': 1,
        '1': 10,
        '0.1': 12,
        '0.01': 21,
      }),
    }),
  })
  .meta({ id: 'Inventory' });

export const totalSchema = z
  .object({
    total: z.number().meta({ description: 'Total value of the pieces in the machine, to the cent', example: 2216.41 }),
  })
  .meta({ id: 'Total' });

const nearest = (description: string) => z.number().nullable().meta({ description, example: 120 });

/** Reasons why an amount can't be dispensed now: the codes with which a withdrawal would be refused. */
const NOT_DISPENSABLE_REASONS = ['LIMIT_EXCEEDED', 'TOO_MANY_COINS', 'INSUFFICIENT_FUNDS', 'NOT_PAYABLE'] as const;

export const dispensableSchema = z.union([
  z.object({ dispensable: z.literal(true), withdrawal: cash }).meta({ id: 'Dispensable' }),
  z
    .object({
      dispensable: z.literal(false),
      reason: z
        .enum(NOT_DISPENSABLE_REASONS)
        .meta({ description: 'The code with which a withdrawal would be refused' }),
      detail: z.string().meta({ description: 'Human-readable reason', example: 'Too many coins' }),
      below: nearest('The next smaller amount that can be paid; null if there is none'),
      above: nearest('The next larger amount that can be paid; null if there is none'),
    })
    .meta({ id: 'NotDispensable' }),
]);

const JOURNAL_TYPES = ['withdrawal', 'refill', 'reset'] as const;
const WITHDRAWAL_STATUSES = ['open', 'dispensed', 'put_back'] as const;

const journalEntrySchema = z
  .object({
    sequence: z
      .number()
      .int()
      .meta({ description: 'Position of the entry in the journal of the machine: from 1, without gaps', example: 7 }),
    type: z.enum(JOURNAL_TYPES).meta({ description: 'The kind of entry' }),
    status: z.enum(WITHDRAWAL_STATUSES).nullable().meta({
      description:
        'Status of a withdrawal, otherwise null. A withdrawal from an account has two entries: `open` when its pieces are set aside, then `dispensed` or `put_back`',
    }),
    id: z
      .string()
      .meta({ description: 'The withdrawal, refill or reset; the payment for a withdrawal has the same id' }),
    amount: z.number().meta({ description: 'Value of the pieces, to the cent', example: 200.9 }),
    pieces: pieces('The pieces by denomination; for a reset, the stock after it', { '200': 1, '0.1': 9 }),
    change: pieces('The change to the stock, by denomination. The stock is the sum of all changes', {
      '200': -1,
      '0.1': -9,
    }),
    account_id: z.string().nullable().meta({ description: 'The account that pays; null if there is none' }),
    idempotency_key: z
      .string()
      .nullable()
      .meta({ description: 'The idempotency key of the request; null if it had none' }),
    actor: z.string().meta({ description: 'Who made the request', example: 'admin-key' }),
    created_at: moment('When the entry was written'),
  })
  .meta({ id: 'JournalEntry' });

export const journalSchema = z.object({ items: z.array(journalEntrySchema), next }).meta({ id: 'Journal' });
