import type { DueAccount } from './claim-deliveries';

/** Attempts under way at once in a process: in all, to one host, and of one account. */
export const PLACES = { inAll: 64, ofHost: 8, ofAccount: 4 };

/** The bounded places of attempts: a receiver that hangs fills its own, and never those of the others. */
export interface Places {
  /** How many are free in all. */
  free(): number;
  /** Whose places are all taken. */
  full(): { accounts: string[]; hosts: string[] };
  /** @returns those of `due`, in their order, for which there are places, one an account */
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
