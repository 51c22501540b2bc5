import type { Database } from '@souk/database';
import type { Lane } from './lane/lane';
import { findExpired } from './lane/lane-store';

const SWEEP_ROWS_MAX = 500;
/** Bounds one turn; the next follows shortly. */
const SWEEP_BATCHES_MAX = 20;

/**
 * Takes the rows of expired reservations away. They have counted for nothing since they expired: this keeps the table small.
 * Several replicas may do it at once.
 * @returns how many reservations were swept
 */
export async function sweepExpired({ db, lane }: { db: Database; lane: Lane }): Promise<number> {
  let swept = 0;
  for (let batch = 0; batch < SWEEP_BATCHES_MAX; batch++) {
    const reserveIds = await findExpired(db, SWEEP_ROWS_MAX);
    if (reserveIds.length === 0) break;
    const answers = await lane.submit(reserveIds.map((reserveId) => ({ kind: 'sweep', reserveId })));
    swept += answers.filter((answer) => answer.isSwept).length;
  }
  return swept;
}
