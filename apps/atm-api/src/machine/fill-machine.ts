import { SERVICE_ACTOR } from './decide-batch';
import type { Machine } from './machine';

/**
 * Writes the first stock of a machine that nobody has written to, so that its journal tells of it; of several that try, one does.
 * @throws AppError as the lane does
 */
export async function fillMachine({ lane }: Machine): Promise<void> {
  await lane.submit({ command: { kind: 'fill', actor: SERVICE_ACTOR }, outcomeId: '' });
}
