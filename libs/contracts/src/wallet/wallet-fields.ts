import { formatAmount, type Minor } from '@souk/money';
import { z } from 'zod';
import { id, readAmount, type FieldErrorKind } from '../declaration/fields';

/** The maximum balance of a wallet, in minor units. It is below the largest BIGINT, so that one more cent still fits. */
export const BALANCE_MAX_MINOR = 8_999_999_999_999_999_991n;
/** The maximum amount of an operation of `/api/v1/wallets`, in minor units. */
export const OPERATION_AMOUNT_MAX_MINOR = 999_999_999_999_999_999n;

/**
 * The ids in the examples: the account with reference `demo-customer`, which the seed creates, its wallet, and the wallet of
 * `merchant`. Ids are derived from references, so the examples work as is.
 */
export const WALLET_DEMO = {
  accountId: 'd0b5ffed-02ea-80d3-95ef-3a393b760f36',
  walletId: 'ea5c0f81-ea2f-8561-8ad9-611107f1fa50',
  payeeWalletId: 'd1ed06ce-5c70-85a8-8d8a-b9c5ea9e88d8',
} as const;

export const accountId = id('The account', WALLET_DEMO.accountId);
export const walletId = id('The wallet', WALLET_DEMO.walletId);

const INVALID_AMOUNT: FieldErrorKind = { code: 'INVALID_AMOUNT' };

/** An amount in a request, parsed to minor units; the bounds are also in minor units. Every error is INVALID_AMOUNT. */
const boundedAmount = (minMinor: Minor, maxMinor: Minor, description: string) => {
  const lowerBound = minMinor === 0n ? '0 or more' : 'more than 0';
  const errorOf = (value: unknown, minor: Minor | undefined) => {
    if (value === undefined || value === null) return 'is required';
    if (minor === undefined || minor < minMinor)
      return `must be an amount of ${lowerBound} with at most two decimals, such as "12.50"`;
    return `must be at most ${formatAmount(maxMinor)}`;
  };
  return z
    .unknown()
    .transform((value, context) => {
      const minor = readAmount(value);
      if (minor !== undefined && minor >= minMinor && minor <= maxMinor) return minor;
      const message = errorOf(value, minor);
      context.issues.push({ code: 'custom', message, input: value, params: { ...INVALID_AMOUNT } });
      return z.NEVER;
    })
    .meta({
      description: `${description}: a decimal string or a number, ${lowerBound}, at most ${formatAmount(maxMinor)}, with at most two decimals`,
      example: '12.50',
      type: ['string', 'number'],
      pattern: String.raw`^(0|[1-9]\d*)(\.\d{1,2})?$`,
    });
};

/** An amount to move; never zero. Its upper bound is the maximum balance, since no wallet can pay or receive more. */
export const movedAmount = boundedAmount(1n, BALANCE_MAX_MINOR, 'The amount to move');

/** The amount of an operation of `/api/v1/wallets`. */
export const operationAmount = boundedAmount(1n, OPERATION_AMOUNT_MAX_MINOR, 'The amount to deposit or withdraw');

/** The initial balance of a new wallet. */
export const initialBalance = boundedAmount(0n, BALANCE_MAX_MINOR, 'The initial balance of the wallet');

const SIGNED_AMOUNT = String.raw`^-?\d+\.\d{2}$`;

/** An amount in an answer that may be negative: a decimal string with two decimals. */
export const signedAmount = (description: string, example: string) =>
  z.string().meta({ description, example, pattern: SIGNED_AMOUNT });

/** A balance in an answer: a JSON number with two decimals, created by `exactNumber`. */
export const balanceNumber = (description: string) => z.number().meta({ description, example: 50 });
