import { z } from 'zod';
import { declareRoute } from '../declaration/route';
import { createFailures, moveFailures, readFailures, WALLET_FAILURES } from './wallet-failures';
import { operationAmount, WALLET_DEMO, walletId } from './wallet-fields';
import { OPERATION_TYPES, operationSchema, walletSchema } from './wallet-schemas';

const { balanceLimit, insufficientFunds, walletNotFound } = WALLET_FAILURES;

export const createWalletRoute = declareRoute({
  operationId: 'createWallet',
  method: 'post',
  path: '/api/v1/wallets/',
  tag: 'Wallets',
  summary: 'Open a wallet in USD, with an unnamed account',
  isIdempotent: true,
  actsFor: () => undefined,
  actsForNoOneWhen: true,
  access: { scope: 'wallet:write', customers: 'none', limit: 'money' },
  responses: {
    200: { description: 'The empty wallet', body: walletSchema, headers: ['Idempotency-Replayed'] },
    ...createFailures(),
  },
});

export const getWalletRoute = declareRoute({
  operationId: 'getWallet',
  method: 'get',
  path: '/api/v1/wallets/:wallet_id',
  tag: 'Wallets',
  summary: 'A wallet and its balance',
  params: z.object({ wallet_id: walletId }),
  access: { scope: 'wallet:read', customers: 'own', limit: 'read' },
  actsFor: ({ params }) => ({ kind: 'wallet', id: params.wallet_id }),
  responses: { 200: { description: 'The wallet', body: walletSchema }, ...readFailures(walletNotFound) },
});

const operationType = z
  .enum(OPERATION_TYPES, {
    error: ({ input }) => (input === undefined ? 'is required' : 'must be DEPOSIT or WITHDRAW'),
  })
  .meta({ description: '`DEPOSIT`: money comes in from outside; `WITHDRAW`: it goes out', example: 'WITHDRAW' });

const example = {
  id: '0192f0c4-7d1e-7a30-9d6c-0d6b1a2f3c4d',
  wallet_id: WALLET_DEMO.walletId,
  operation_type: 'WITHDRAW',
  amount: '12.50',
  created_at: '2026-01-31T12:00:00.000Z',
};

export const walletOperationRoute = declareRoute({
  operationId: 'walletOperation',
  method: 'post',
  path: '/api/v1/wallets/:wallet_id/operation',
  tag: 'Wallets',
  summary: 'Deposit into a wallet, or withdraw from it',
  description:
    'A wallet never falls below zero. If the database still fails after retries, and it is certain that nothing was moved, the answer is ' +
    '200 with `status: "FAILED"`. That answer is not kept, so a retry with the same `Idempotency-Key` tries again.',
  params: z.object({ wallet_id: walletId }),
  body: z.object({ operation_type: operationType, amount: operationAmount }),
  example: { operation_type: 'WITHDRAW', amount: '12.50' },
  isIdempotent: true,
  actsFor: ({ params }) => ({ kind: 'wallet', id: params.wallet_id }),
  access: {
    scope: 'wallet:write',
    customers: 'own',
    limit: 'money',
    adminBodies: { when: '`operation_type` is `DEPOSIT`', holds: (body) => body.operation_type === 'DEPOSIT' },
  },
  responses: {
    200: {
      description: 'The outcome',
      body: operationSchema,
      headers: ['Idempotency-Replayed'],
      examples: { done: { ...example, status: 'SUCCESS' }, failed: { ...example, status: 'FAILED' } },
    },
    ...moveFailures(insufficientFunds, walletNotFound, balanceLimit),
  },
});
