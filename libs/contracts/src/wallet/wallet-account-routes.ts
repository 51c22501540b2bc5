import { z } from 'zod';
import { id, name } from '../declaration/fields';
import { momentParameter } from '../declaration/moment-parameter';
import { after, limit } from '../declaration/paging';
import { declareRoute, type ResponseDeclaration } from '../declaration/route';
import { moveFailures, readFailures, WALLET_FAILURES } from './wallet-failures';
import { accountId, balanceNumber, initialBalance, movedAmount, signedAmount, WALLET_DEMO } from './wallet-fields';
import { accountSchema, statementSchema, transactionId } from './wallet-schemas';

const { accountNotFound, balanceLimit, insufficientFunds, referenceTaken } = WALLET_FAILURES;

export const createAccountRoute = declareRoute({
  operationId: 'createAccount',
  method: 'post',
  path: '/accounts',
  tag: 'Accounts',
  summary: 'Open an account, with a wallet in USD',
  description: 'All fields are optional. `initial_balance` is paid in from outside.',
  body: z.object({
    name: name(200, 'Display name', 'Ada').optional(),
    initial_balance: initialBalance.optional(),
    reference: id("Unique external reference, such as a shop's clientID", 'ada-2').optional(),
  }),
  example: { name: 'Ada' },
  isIdempotent: true,
  actsFor: ({ body: { reference } }) => (reference === undefined ? undefined : { kind: 'reference', id: reference }),
  actsForNoOneWhen: '`reference` is absent',
  access: {
    scope: 'wallet:write',
    customers: 'own',
    limit: 'money',
    adminBodies: { when: '`initial_balance` is given', holds: (body) => body.initial_balance !== undefined },
  },
  responses: {
    200: { description: 'The account', body: accountSchema, headers: ['Idempotency-Replayed'] },
    ...moveFailures(referenceTaken),
  },
});

export const getAccountRoute = declareRoute({
  operationId: 'getAccount',
  method: 'get',
  path: '/accounts/:id',
  tag: 'Accounts',
  summary: 'An account and its balance',
  params: z.object({ id: accountId }),
  access: { scope: 'wallet:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'account', id: params.id }),
  responses: { 200: { description: 'The account', body: accountSchema }, ...readFailures(accountNotFound) },
});

export const listAccountsRoute = declareRoute({
  operationId: 'listAccounts',
  method: 'get',
  path: '/accounts',
  tag: 'Accounts',
  summary: 'Look up an account by its reference',
  query: z.object({ reference: id('The reference of the account', 'demo-customer') }),
  access: { scope: 'wallet:read', customers: 'own', limit: 'read' },
  actsFor: ({ query }) => ({ kind: 'reference', id: query.reference }),
  responses: {
    200: {
      description: 'The account as the only item, or an empty list',
      body: z.object({ items: z.array(accountSchema).max(1), next: z.null() }).meta({ id: 'AccountList' }),
    },
    ...readFailures(),
  },
});

export const getBalanceRoute = declareRoute({
  operationId: 'getBalance',
  method: 'get',
  path: '/accounts/:id/balance',
  tag: 'Accounts',
  summary: 'The balance of an account, now or at a given time',
  params: z.object({ id: accountId }),
  query: z.object({
    at: momentParameter('RFC 3339 timestamp of the balance; transactions at exactly that time are included').optional(),
  }),
  access: { scope: 'wallet:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'account', id: params.id }),
  responses: {
    200: {
      description: 'The balance, as a number and as an exact string',
      body: z
        .object({
          balance: balanceNumber('A number with two decimals and all of its digits'),
          amount: signedAmount(
            'The balance as a string, for programs that would read the number as floating point',
            '50.00',
          ),
        })
        .meta({ id: 'Balance' }),
      examples: { held: { balance: 50, amount: '50.00' } },
    },
    ...readFailures(accountNotFound),
  },
});

export const listAccountTransactionsRoute = declareRoute({
  operationId: 'listAccountTransactions',
  method: 'get',
  path: '/accounts/:id/transactions',
  tag: 'Accounts',
  summary: 'The statement of an account, newest first',
  description: 'Every posting, with the balance after it.',
  params: z.object({ id: accountId }),
  query: z.object({ after, limit }),
  access: { scope: 'wallet:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'account', id: params.id }),
  responses: {
    200: { description: 'A page of the statement', body: statementSchema },
    ...readFailures(accountNotFound),
  },
});

const moneyMoved: ResponseDeclaration = {
  description: 'The money was moved',
  body: z.object({
    status: z.literal('success'),
    transaction_id: transactionId,
    balance: balanceNumber('The balance after the transaction: a number with two decimals'),
    amount: signedAmount('The balance as a string, for programs that would read the number as floating point', '50.00'),
  }),
  headers: ['Idempotency-Replayed'],
  examples: {
    done: {
      status: 'success',
      transaction_id: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d',
      balance: 50,
      amount: '50.00',
    },
  },
};

const moveBase = {
  method: 'post',
  tag: 'Accounts',
  body: z.object({ account_id: accountId, amount: movedAmount }),
  isIdempotent: true,
  actsFor: ({ body }: { body: { account_id: string } }) => ({ kind: 'account', id: body.account_id }) as const,
} as const;

export const creditRoute = declareRoute({
  ...moveBase,
  operationId: 'credit',
  path: '/transactions/credit',
  summary: 'Pay money from outside into an account',
  example: { account_id: WALLET_DEMO.accountId, amount: '50.00' },
  access: { scope: 'wallet:admin', customers: 'none', limit: 'money' },
  responses: { 200: moneyMoved, ...moveFailures(accountNotFound, balanceLimit) },
});

export const debitRoute = declareRoute({
  ...moveBase,
  operationId: 'debit',
  path: '/transactions/debit',
  summary: 'Pay money out of an account',
  description: 'A debit never takes the balance below zero.',
  example: { account_id: WALLET_DEMO.accountId, amount: '12.50' },
  access: { scope: 'wallet:write', customers: 'own', limit: 'money' },
  responses: { 200: moneyMoved, ...moveFailures(insufficientFunds, accountNotFound) },
});
