import { formatAmount, type Minor } from '@souk/money';
import { z } from 'zod';
import { id, readAmount, type FaultKind } from './fields';

/** What a wallet can hold, in minor units. Below the largest BIGINT, with room for a cent more. */
export const BALANCE_MAX_MINOR = 8_999_999_999_999_999_991n;
/** What one operation of `/api/v1/wallets` can move, in minor units. */
export const OPERATION_AMOUNT_MAX_MINOR = 999_999_999_999_999_999n;

/**
 * Who and what the examples are about: the account with reference `demo-customer`, which the seed makes, and the wallet of
 * `merchant`. Ids follow from references, so the examples work as they stand.
 */
export const WALLET_DEMO = {
  accountId: 'd0b5ffed-02ea-80d3-95ef-3a393b760f36',
  walletId: 'ea5c0f81-ea2f-8561-8ad9-611107f1fa50',
  payeeWalletId: 'd1ed06ce-5c70-85a8-8d8a-b9c5ea9e88d8',
} as const;

export const accountId = id('The account', WALLET_DEMO.accountId);
export const walletId = id('The wallet', WALLET_DEMO.walletId);

const INVALID_AMOUNT: FaultKind = { code: 'INVALID_AMOUNT' };

/** An amount of money in, in bounds that are given in minor units; comes out in minor units. Whatever is wrong with it is INVALID_AMOUNT. */
const boundedAmount = (minMinor: Minor, maxMinor: Minor, description: string) => {
  const least = minMinor === 0n ? '0 or more' : 'more than 0';
  const faultOf = (value: unknown, minor: Minor | undefined) => {
    if (value === undefined || value === null) return 'is required';
    if (minor === undefined || minor < minMinor)
      return `must be an amount of ${least} with at most two decimals, such as "12.50"`;
    return `must be at most ${formatAmount(maxMinor)}`;
  };
  return z
    .unknown()
    .transform((value, context) => {
      const minor = readAmount(value);
      if (minor !== undefined && minor >= minMinor && minor <= maxMinor) return minor;
      const message = faultOf(value, minor);
      context.issues.push({ code: 'custom', message, input: value, params: { ...INVALID_AMOUNT } });
      return z.NEVER;
    })
    .meta({
      description: `${description}: a decimal string or a number, ${least}, at most ${formatAmount(maxMinor)}, with at most two decimals`,
      example: '12.50',
      type: ['string', 'number'],
      pattern: String.raw`^(0|[1-9]\d*)(\.\d{1,2})?$`,
    });
};

/** What is to be moved; never nothing. No wallet could hold, and so neither give nor take, more than the bound. */
export const movedAmount = boundedAmount(1n, BALANCE_MAX_MINOR, 'What to move');

/** The same for an operation of `/api/v1/wallets`. */
export const operationAmount = boundedAmount(1n, OPERATION_AMOUNT_MAX_MINOR, 'What to deposit or withdraw');

/** What a new wallet holds. */
export const initialBalance = boundedAmount(0n, BALANCE_MAX_MINOR, 'What the wallet holds at first');

const SIGNED_AMOUNT = String.raw`^-?\d+\.\d{2}$`;

/** An amount out that may be below zero: a decimal string with two decimals. */
export const signedAmount = (description: string, example: string) =>
  z.string().meta({ description, example, pattern: SIGNED_AMOUNT });

/** A balance out as a JSON number with two decimals; `exactNumber` makes it. */
export const balanceNumber = (description: string) => z.number().meta({ description, example: 50 });
