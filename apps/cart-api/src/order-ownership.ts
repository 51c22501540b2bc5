import { ownsParty, type Customer } from '@souk/access';
import type { Party } from '@souk/contracts';
import type { CartQueries } from './cart-queries';
import { orderNotFound } from './follow-order';

/** @returns a check of what belongs to a customer. An order belongs to the client that placed it. */
export const createOrderOwnership =
  (queries: CartQueries) =>
  async (customer: Customer, party: Party): Promise<boolean> => {
    if (party.kind !== 'order') return ownsParty(customer, party);
    const order = await queries.order(party.id);
    // Someone else's order gets the same answer as a missing one, so that nobody learns which orders exist.
    if (order === undefined || order.clientID !== customer.clientID) throw orderNotFound();
    return true;
  };
