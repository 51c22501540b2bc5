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
    // The same answer for another customer's order as for a missing one, so that callers can't find out which orders exist.
    if (order === undefined || order.clientID !== customer.clientID) throw orderNotFound();
    return true;
  };
