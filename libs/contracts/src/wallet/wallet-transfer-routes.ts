import { z } from 'zod';
import { id, type FieldErrorKind } from '../declaration/fields';
import { declareRoute, type ResponseDeclaration } from '../declaration/route';
import { moveFailures, WALLET_FAILURES } from './wallet-failures';
import { movedAmount, WALLET_DEMO, walletId } from './wallet-fields';
import { transactionSchema } from './wallet-schemas';

const { balanceLimit, insufficientFunds, sameWallet, walletNotFound } = WALLET_FAILURES;

const transactionDone: ResponseDeclaration = {
  description: 'The transaction with both of its sides',
  body: transactionSchema,
  headers: ['Idempotency-Replayed'],
};

export const replenishRoute = declareRoute({
  operationId: 'replenish',
  method: 'post',
  path: '/wallets/:id/replenish',
  tag: 'Transfers',
  summary: 'Put money from outside into a wallet',
  params: z.object({ id: walletId }),
  body: z.object({ amount: movedAmount }),
  example: { amount: '50.00' },
  isIdempotent: true,
  actsFor: ({ params }) => ({ kind: 'wallet', id: params.id }),
  access: { scope: 'wallet:admin', customers: 'none', limit: 'money' },
  responses: { 200: transactionDone, ...moveFailures(walletNotFound, balanceLimit) },
});

const SAME_WALLET: FieldErrorKind = { code: sameWallet.code };

const transferBody = z
  .object({
    from_wallet_id: id('The wallet that pays', WALLET_DEMO.walletId),
    to_wallet_id: id('The wallet that is paid; must differ from the one that pays', WALLET_DEMO.payeeWalletId),
    amount: movedAmount,
  })
  .check(({ value, issues }) => {
    if (value.from_wallet_id !== value.to_wallet_id) return;
    const error = { message: 'must be another wallet', params: { ...SAME_WALLET } };
    issues.push({ code: 'custom', path: ['to_wallet_id'], input: value.to_wallet_id, ...error });
  });

export const transferRoute = declareRoute({
  operationId: 'transfer',
  method: 'post',
  path: '/transfers',
  tag: 'Transfers',
  summary: 'Move money from one wallet to another',
  description: 'All or nothing, without fees. A wallet never falls below zero.',
  body: transferBody,
  example: { from_wallet_id: WALLET_DEMO.walletId, to_wallet_id: WALLET_DEMO.payeeWalletId, amount: '12.50' },
  isIdempotent: true,
  actsFor: ({ body }) => ({ kind: 'wallet', id: body.from_wallet_id }),
  access: { scope: 'wallet:write', customers: 'own', limit: 'money' },
  responses: {
    200: transactionDone,
    ...moveFailures(insufficientFunds, walletNotFound, { ...sameWallet }, balanceLimit),
  },
});
