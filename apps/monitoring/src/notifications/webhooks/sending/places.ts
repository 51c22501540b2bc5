import type { DueAccount } from '../deliveries/claim-deliveries';

/** Maximum number of concurrent attempts in a process: in total, per host and per account. */
export const PLACES = { inAll: 64, ofHost: 8, ofAccount: 4 };

/** Bounds concurrent attempts, so that a hanging receiver fills only its own places. */
export interface Places {
  /** The total number of free places. */
  free(): number;
  /** The accounts and hosts whose places are all taken. */
  full(): { accounts: string[]; hosts: string[] };
  /** @returns the accounts of `due` for which there are places, one per account, in order */
  choose(due: readonly DueAccount[]): DueAccount[];
  take(place: DueAccount): void;
  leave(place: DueAccount): void;
}

export function createPlaces({ inAll, ofHost, ofAccount }: typeof PLACES): Places {
  const hosts = new Map<string, number>();
  const accounts = new Map<string, number>();
  let taken = 0;

  const add = (counts: Map<string, number>, key: string, change: 1 | -1) => {
    const count = (counts.get(key) ?? 0) + change;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  const atLimit = (counts: Map<string, number>, limit: number) =>
    [...counts].filter(([, count]) => count >= limit).map(([key]) => key);

  return {
    free: () => inAll - taken,
    full: () => ({ accounts: atLimit(accounts, ofAccount), hosts: atLimit(hosts, ofHost) }),
    choose: (due) => {
      const chosenOf = new Map<string, number>();
      return due
        .filter(({ host, accountId }) => {
          const count = chosenOf.get(host) ?? 0;
          const hasPlace = (hosts.get(host) ?? 0) + count < ofHost && (accounts.get(accountId) ?? 0) < ofAccount;
          if (hasPlace) chosenOf.set(host, count + 1);
          return hasPlace;
        })
        .slice(0, inAll - taken);
    },
    take: ({ host, accountId }) => {
      taken += 1;
      add(hosts, host, 1);
      add(accounts, accountId, 1);
    },
    leave: ({ host, accountId }) => {
      taken -= 1;
      add(hosts, host, -1);
      add(accounts, accountId, -1);
    },
  };
}
