import { AppError } from '@souk/service';
import { applyEvents, type DeliveryDeps } from './apply-events';
import { moveWatermark, readState, type ConsumerState } from './progress-store';
import { findBehind } from './unapplied-events';
import type { Head } from './wallet-events';

/** Accounts that are applied together, so that one look of many accounts takes few calls. */
const ACCOUNTS_A_TURN = 500;

/**
 * Finds the events of the wallet that no message brought, and applies them: messages from before there was a queue, dropped
 * ones, lost ones. It asks how far each account is that events behind the watermark name, and then moves the watermark: to where
 * the wallet says that nothing can come to stand before it any more.
 * @throws AppError `unavailable` or `timeout` when an engine or the wallet does not answer; the watermark stays behind
 */
export async function catchUp(deps: DeliveryDeps): Promise<void> {
  const { consumer, db, wallet, metrics, signal } = deps;
  const state = await readState(db, consumer.name);
  let isSafe = true;
  let lag = 0;
  for (let position = state.watermark, isEnd = false; !isEnd;) {
    const page = await wallet.heads(position);
    if (position === state.watermark && page.heads.length === 0) await checkWatermark(deps, state);
    const behind = await findBehind(deps, consumer.name, page.heads);
    lag += behind.lag;
    metrics.lagEvents.set({ consumer: consumer.name }, lag);
    await applyHeads(deps, behind.heads);
    if (signal?.aborted) return;
    lag -= behind.lag;
    // Behind the first event that is too young, nothing is safe, however old it is.
    if (isSafe) await keepWatermark(deps, state, page.safePosition);
    isSafe &&= page.safePosition === page.nextPosition;
    ({ nextPosition: position, isEnd } = page);
  }
  metrics.lagEvents.set({ consumer: consumer.name }, 0);
}

/** Where nothing is behind the watermark, the wallet still has what the watermark was moved to: unless its database was restored. */
async function checkWatermark({ consumer, wallet, logger }: DeliveryDeps, { watermark }: ConsumerState): Promise<void> {
  if (watermark === 0) return;
  const { lastPosition } = await wallet.from(watermark);
  if (lastPosition >= watermark) return;
  logger.error(
    { consumer: consumer.name, watermark, lastPosition },
    'the wallet has less than was applied: was its database restored? rebuild every consumer',
  );
}

async function keepWatermark({ consumer, db }: DeliveryDeps, state: ConsumerState, watermark: number): Promise<void> {
  if (watermark > state.watermark) await moveWatermark(db, consumer.name, { ...state, watermark });
}

async function applyHeads(deps: DeliveryDeps, heads: readonly Head[]): Promise<void> {
  const { signal } = deps;
  for (let from = 0; from < heads.length && !signal?.aborted; from += ACCOUNTS_A_TURN) {
    const turn = heads.slice(from, from + ACCOUNTS_A_TURN);
    try {
      await applyEvents(deps, [], turn);
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof AppError && error.retryable) throw error;
      await applyEach(deps, turn);
    }
  }
}

/** An event that can't be applied holds up its own account alone. */
async function applyEach(deps: DeliveryDeps, heads: readonly Head[]): Promise<void> {
  let failures = 0;
  for (const head of heads) {
    try {
      await applyEvents(deps, [], [head]);
    } catch (error) {
      if (error instanceof AppError && error.retryable) throw error;
      failures++;
      deps.logger.error(
        { err: error, consumer: deps.consumer.name, ...head },
        'an account can not be brought up to date',
      );
    }
  }
  // The watermark stays: they are tried again.
  if (failures > 0) throw new Error(`${failures} accounts can not be brought up to date`);
}
