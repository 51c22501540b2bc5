import { requireActor, requireIds } from '@souk/grpc';
import type { Answers } from './lane/inventory-state';
import type { Lane } from './lane/lane';

export interface EndReservationsCommand {
  reserveIds: readonly string[];
  actor: string;
}

/**
 * Takes what is held out of what is on hand. An expired reservation competes for the stock again, and ends either way.
 * @throws AppError `invalid`, `unavailable`, `timeout`, `overloaded`
 */
export async function commitReservations(lane: Lane, command: EndReservationsCommand): Promise<Answers['commit'][]> {
  const actor = requireActor(command.actor);
  return lane.submit(
    requireIds('reserve_ids', command.reserveIds).map((reserveId) => ({ kind: 'commit', reserveId, actor })),
  );
}

/**
 * Gives what is held back; an id that is not known is forbidden for ever.
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
