import { accountIdsOf, type Party } from '@souk/contracts';
import type { Customer } from './principal';

/** Whether a customer may act for a party, as far as its token says. */
export function ownsParty({ clientID, accounts }: Customer, { kind, id }: Party): boolean {
  const ownIds = () => (clientID === undefined ? undefined : accountIdsOf(clientID));
  switch (kind) {
    case 'client':
    case 'reference':
      return id === clientID;
    case 'account':
    case 'webhook':
      return accounts.includes(id) || id === ownIds()?.accountId;
    case 'wallet':
      return accounts.includes(id) || id === ownIds()?.walletId;
    case 'order':
    case 'product':
    case 'machine':
      return false;
  }
}
