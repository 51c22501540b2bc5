import { CALL_ENTRIES_MAX, requireActor, requireCount, requireId } from '@souk/grpc';
import type { Item, ReserveAnswer } from '../lane/inventory-state';
import type { Lane } from '../lane/lane';
import { CALL_ITEMS_MAX, requireItems } from '../request-fields';

interface ReserveItemsCommand {
  /** `actor` requested the reservation; if it is empty, the actor of the call did. */
  reservations: readonly { reserveId: string; items: readonly Item[]; actor: string }[];
  actor: string;
}

/**
 * Reserves stock for each reservation, in order: all of its items or none.
 * @throws AppError `invalid`, `unavailable`, `timeout`, `overloaded`
 */
export async function reserveItems(lane: Lane, command: ReserveItemsCommand): Promise<ReserveAnswer[]> {
  const { reservations } = command;
  const caller = requireActor(command.actor);
  requireCount('reservations', reservations.length, CALL_ENTRIES_MAX);
  requireCount(
    'items of all reservations',
    reservations.reduce((count, { items }) => count + items.length, 0),
    CALL_ITEMS_MAX,
  );
  return lane.submit(
    reservations.map(({ reserveId, items, actor }, index) => ({
      kind: 'reserve',
      reserveId: requireId(`reservations[${index}].reserve_id`, reserveId),
      items: requireItems(`reservations[${index}].items`, items),
      actor: requireActor(actor) || caller,
    })),
  );
}
