import { SERVICE_ACTOR } from './decide-batch';
import type { Machine } from './machine';

/**
 * Writes the initial stock of a new machine, so that its journal contains it. If several processes try, only one succeeds.
 * @throws AppError as the lane does
 */
export async function fillMachine({ lane }: Machine): Promise<void> {
  await lane.submit({ command: { kind: 'fill', actor: SERVICE_ACTOR }, outcomeId: '' });
}
