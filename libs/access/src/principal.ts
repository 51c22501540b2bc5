import type { Caller, Scope } from '@souk/contracts';

/** Who makes a request. */
export type Principal = Anonymous | KeyHolder | Customer;

/** A caller without credentials. */
export interface Anonymous {
  kind: 'anonymous';
  /** What it may do without any; nothing where access is closed. */
  scopes: readonly Scope[];
}

/** A back end or an operator, with an API key. */
export interface KeyHolder extends Caller {
  kind: 'key';
  scopes: readonly Scope[];
}

/** A customer, with a token. */
export interface Customer {
  kind: 'customer';
  /** Names its cart and orders, and is the reference of its account. */
  clientID: string | undefined;
  /** Ids of further accounts and wallets that are its own. */
  accounts: readonly string[];
  /** The issuer's name for the customer, which stays the same in every token. */
  subject: string;
}

/** May do nothing. */
export const STRANGER: Anonymous = { kind: 'anonymous', scopes: [] };

/** @returns what to record of a principal, and what scopes its idempotency keys */
export function callerFrom(principal: Principal): Caller {
  switch (principal.kind) {
    case 'anonymous':
      return {};
    case 'key':
      return { actor: principal.actor, owner: principal.owner };
    case 'customer':
      // Its actor is the party that it acts for, which is its own.
      return { owner: `customer:${principal.subject}` };
  }
}
