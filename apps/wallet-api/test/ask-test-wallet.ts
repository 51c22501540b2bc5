import { WALLET_API_ROUTES } from '@souk/contracts';
import { askRoutes, type Ask } from '@souk/testing';
import { randomUUID } from 'node:crypto';

export type AskWallet = Ask<Record<string, unknown>>;

/** @returns a client of the Wallet API that checks every answer against the declaration of its route */
export const askWallet = (url: string): AskWallet => askRoutes(url, WALLET_API_ROUTES);

/** Opens an account with a unique reference. @returns the ids and the reference */
export async function openTestAccount(ask: AskWallet, initialBalance = '0.00', adminKey?: string) {
  const reference = `r-${randomUUID()}`;
  const body = { name: 'Ada', reference, initial_balance: initialBalance };
  const reply = await ask('POST /accounts', { body, adminKey });
  if (reply.status !== 200) throw new Error(reply.text);
  const { id, wallet } = reply.body as { id: string; wallet: { id: string } };
  return { accountId: id, walletId: wallet.id, reference };
}
