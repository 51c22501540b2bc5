import { AppError } from '@souk/service';
import { applyEvents, type IngestionDeps } from './apply-events';
import { moveWatermark, readState, type ConsumerState } from './progress-store';
import { findBehind } from './unapplied-events';
import type { Head } from './wallet-events';

/** Maximum number of accounts applied together, so that catching up takes few calls even for many accounts. */
const ACCOUNTS_PER_BATCH = 500;

/**
 * Finds and applies wallet events whose messages never arrived: published before the queue existed, dropped, or lost. Reads the
 * highest sequence of each account with events after the watermark, then moves the watermark to the wallet's safe position, up to
 * which no further event can appear.
 * @throws AppError `unavailable` or `timeout` if an engine or the wallet doesn't respond; the watermark passes no unapplied event
 */
export async function catchUp(deps: IngestionDeps): Promise<void> {
  const { consumer, db, wallet, metrics, signal } = deps;
  const state = await readState(db, consumer.name);
  let isSafe = true;
  let lag = 0;
  for (let position = state.watermark, isEnd = false; !isEnd;) {
    const page = await wallet.fetchHeads(position);
    if (position === state.watermark && page.heads.length === 0) await checkWatermark(deps, state);
    const behind = await findBehind(deps, consumer.name, page.heads);
    lag += behind.lag;
    metrics.lagEvents.set({ consumer: consumer.name }, lag);
    await applyHeads(deps, behind.heads);
    if (signal?.aborted) return;
    lag -= behind.lag;
    // Positions after the first event that is too recent aren't safe, however old their events.
    if (isSafe) await advanceWatermark(deps, state, page.safePosition);
    isSafe &&= page.safePosition === page.nextPosition;
    ({ nextPosition: position, isEnd } = page);
  }
  metrics.lagEvents.set({ consumer: consumer.name }, 0);
}

/** Without events after the watermark, the wallet's last position is still at the watermark, unless its database was restored. */
async function checkWatermark(
  { consumer, wallet, logger }: IngestionDeps,
  { watermark }: ConsumerState,
): Promise<void> {
  if (watermark === 0) return;
  const { lastPosition } = await wallet.fetchAfterPosition(watermark);
  if (lastPosition >= watermark) return;
  logger.error(
    { consumer: consumer.name, watermark, lastPosition },
    'the wallet has fewer events than were applied; if its database was restored, rebuild every consumer',
  );
}

async function advanceWatermark(
  { consumer, db }: IngestionDeps,
  state: ConsumerState,
  watermark: number,
): Promise<void> {
  if (watermark > state.watermark) await moveWatermark(db, consumer.name, { ...state, watermark });
}

async function applyHeads(deps: IngestionDeps, heads: readonly Head[]): Promise<void> {
  const { signal } = deps;
  for (let from = 0; from < heads.length && !signal?.aborted; from += ACCOUNTS_PER_BATCH) {
    const batch = heads.slice(from, from + ACCOUNTS_PER_BATCH);
    try {
      await applyEvents(deps, [], batch);
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof AppError && error.retryable) throw error;
      await applyOneByOne(deps, batch);
    }
  }
}

/** Applies accounts one by one, so that an event that can't be applied holds up only its own account. */
async function applyOneByOne(deps: IngestionDeps, heads: readonly Head[]): Promise<void> {
  let failures = 0;
  for (const head of heads) {
    try {
      await applyEvents(deps, [], [head]);
    } catch (error) {
      if (error instanceof AppError && error.retryable) throw error;
      failures++;
      deps.logger.error(
        { err: error, consumer: deps.consumer.name, ...head },
        'an account could not be brought up to date',
      );
    }
  }
  // The watermark doesn't move, so these accounts are retried.
  if (failures > 0) throw new Error(`${failures} accounts could not be brought up to date`);
}
