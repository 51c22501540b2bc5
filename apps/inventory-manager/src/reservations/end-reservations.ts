import { requireActor, requireIds } from '@souk/grpc';
import type { Answers } from '../lane/inventory-state';
import type { Lane } from '../lane/lane';

interface EndReservationsCommand {
  reserveIds: readonly string[];
  actor: string;
}

/**
 * Takes the reserved items out of the stock on hand. An expired reservation is rolled back if the stock no longer covers it.
 * @throws AppError `invalid`, `unavailable`, `timeout`, `overloaded`
 */
export async function commitReservations(lane: Lane, command: EndReservationsCommand): Promise<Answers['commit'][]> {
  const actor = requireActor(command.actor);
  return lane.submit(
    requireIds('reserve_ids', command.reserveIds).map((reserveId) => ({ kind: 'commit', reserveId, actor })),
  );
}

/**
 * Returns the reserved items to the stock. An unknown id can no longer be reserved afterwards.
 * @throws AppError `invalid`, `unavailable`, `timeout`, `overloaded`
 */
export async function rollBackReservations(
  lane: Lane,
  command: EndReservationsCommand,
): Promise<Answers['rollback'][]> {
  const actor = requireActor(command.actor);
  return lane.submit(
    requireIds('reserve_ids', command.reserveIds).map((reserveId) => ({ kind: 'rollback', reserveId, actor })),
  );
}
