import type { Queryable } from '@souk/database';
import type { Logger } from '@souk/service';
import type { ConsumerName } from '../consumer';
import { readProgress, readState } from './progress-store';
import type { Head, WalletEvents } from './wallet-events';

/** Maximum number of pages that one count reads from the wallet. Counting a longer lag isn't worth the load. */
const PAGES_MAX = 5;
/** Maximum time from request to result, so that a hanging wallet doesn't hold up reads of derived data. */
const COUNT_TIMEOUT_MS = 1_000;

/** @returns the accounts with unapplied events, and the total number of those events */
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

interface CountDeps {
  db: Pick<Queryable, 'rows'>;
  wallet: Pick<WalletEvents, 'fetchHeads'>;
  logger: Logger;
}

/**
 * Counts the wallet's account events that a consumer hasn't applied. A caller gets a count that starts after its call, so it
 * includes every earlier event. One count runs at a time; callers during it share the next one.
 * @returns a function that counts; it resolves to null if the wallet doesn't respond in time or there are too many events
 */
export function createUnappliedCount(deps: CountDeps, consumer: ConsumerName): () => Promise<number | null> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<number | null> | undefined;
  const begin = (endsAtMs: number) => {
    next = undefined; // later callers may know of events that this count doesn't include
    const count = countUnapplied(deps, consumer, endsAtMs);
    running = count.catch(() => undefined); // only the callers of this count see its failure
    return count;
  };
  return () => {
    // The time limit includes the wait for a running count; otherwise a caller during a count could wait twice as long.
    const endsAtMs = performance.now() + COUNT_TIMEOUT_MS;
    return (next ??= running.then(() => begin(endsAtMs)));
  };
}

async function countUnapplied(
  { db, wallet, logger }: CountDeps,
  consumer: ConsumerName,
  endsAtMs: number,
): Promise<number | null> {
  let { watermark: position } = await readState(db, consumer);
  const heads = new Map<string, Head>();
  try {
    for (let pages = 1, isEnd = false; !isEnd; pages++) {
      if (pages > PAGES_MAX) return null;
      const page = await wallet.fetchHeads(position, endsAtMs - performance.now());
      for (const head of page.heads) heads.set(head.accountId, head); // a later page has a higher sequence
      ({ nextPosition: position, isEnd } = page);
    }
  } catch (error) {
    logger.warn({ err: error, consumer }, 'the lag of a consumer could not be determined');
    return null;
  }
  return (await findBehind({ db }, consumer, [...heads.values()])).lag;
}
