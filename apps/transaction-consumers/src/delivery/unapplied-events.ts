import type { Queryable } from '@souk/database';
import type { Logger } from '@souk/service';
import type { ConsumerName } from '../consumer';
import { readProgress, readState } from './progress-store';
import type { Head, WalletEvents } from './wallet-events';

/** Pages of the wallet that one count reads: what is further behind is not worth the load of counting it. */
const PAGES_MAX = 5;
/** From the question to its answer: what was derived is not held up by a wallet that hangs. */
const COUNT_TIMEOUT_MS = 1_000;

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

interface CountDeps {
  db: Pick<Queryable, 'rows'>;
  wallet: Pick<WalletEvents, 'heads'>;
  logger: Logger;
}

/**
 * Counts the events of accounts that the wallet has and a consumer has not applied. Whoever asks is told of a count that began
 * after that, so none of what happened before is left out. One runs at a time; those who ask meanwhile share the next one.
 * @returns a function that counts; null while the wallet does not answer in time, or where there are too many to count
 */
export function createUnappliedCount(deps: CountDeps, consumer: ConsumerName): () => Promise<number | null> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<number | null> | undefined;
  const begin = (endsAtMs: number) => {
    next = undefined; // who asks from here on may have seen more than this count will
    const count = countUnapplied(deps, consumer, endsAtMs);
    running = count.catch(() => undefined); // a failure is told to those who waited for it alone
    return count;
  };
  return () => {
    // Its time runs while it waits, or who asks during a count would wait for two.
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
    for (let page = 1, isEnd = false; !isEnd; page++) {
      if (page > PAGES_MAX) return null;
      const read = await wallet.heads(position, endsAtMs - performance.now());
      for (const head of read.heads) heads.set(head.accountId, head); // of a later page, it is further
      ({ nextPosition: position, isEnd } = read);
    }
  } catch (error) {
    logger.warn({ err: error, consumer }, 'how far behind a consumer is could not be asked');
    return null;
  }
  return (await findBehind({ db }, consumer, [...heads.values()])).lag;
}
