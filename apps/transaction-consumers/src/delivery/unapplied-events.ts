import type { Queryable } from '@souk/database';
import type { Logger } from '@souk/service';
import type { ConsumerName } from '../consumer';
import { readProgress, readState } from './progress-store';
import type { Head, WalletEvents } from './wallet-events';

/** @returns those of the accounts that a consumer is behind with, and by how many events altogether */
export async function findBehind(
  { db }: { db: Pick<Queryable, 'rows'> },
  consumer: ConsumerName,
  heads: readonly Head[],
): Promise<{ heads: Head[]; lag: number }> {
  const accountIds = heads.map(({ accountId }) => accountId);
  const appliedTo = await readProgress(db, consumer, accountIds);
  const behind = heads.filter(({ accountId, sequence }) => sequence > appliedTo.get(accountId)!);
  const lag = behind.reduce((sum, { accountId, sequence }) => sum + sequence - appliedTo.get(accountId)!, 0);
  return { heads: behind, lag };
}

/** @returns how many events of accounts the wallet has that a consumer has not applied; null while the wallet does not answer */
export async function countUnapplied(
  { db, wallet, logger }: { db: Pick<Queryable, 'rows'>; wallet: WalletEvents; logger: Logger },
  consumer: ConsumerName,
): Promise<number | null> {
  let { watermark: position } = await readState(db, consumer);
  const heads = new Map<string, Head>();
  try {
    for (let isEnd = false; !isEnd;) {
      const page = await wallet.heads(position);
      for (const head of page.heads) heads.set(head.accountId, head); // of a later page, it is further
      ({ nextPosition: position, isEnd } = page);
    }
  } catch (error) {
    logger.warn({ err: error, consumer }, 'how far behind a consumer is could not be asked');
    return null;
  }
  return (await findBehind({ db }, consumer, [...heads.values()])).lag;
}
