import type { Database } from '@souk/database';
import type { Lane } from '../lane/lane';
import { findExpired } from '../lane/lane-store';

const SWEEP_ROWS_MAX = 500;
/** Maximum number of batches per run; the next run follows shortly. */
const SWEEP_BATCHES_MAX = 100;

/**
 * Removes the rows of expired reservations, which no longer count, to keep the table small. Several replicas may sweep at once.
 * @returns the number of reservations swept
 */
export async function sweepExpired({ db, lane }: { db: Database; lane: Lane }): Promise<number> {
  let sweptCount = 0;
  for (let batch = 0; batch < SWEEP_BATCHES_MAX; batch++) {
    const reserveIds = await findExpired(db, SWEEP_ROWS_MAX);
    if (reserveIds.length === 0) break;
    const answers = await lane.submit(reserveIds.map((reserveId) => ({ kind: 'sweep', reserveId })));
    sweptCount += answers.filter((answer) => answer.isSwept).length;
  }
  return sweptCount;
}
