import type { DueAccount } from '../deliveries/claim-deliveries';

/** Maximum number of concurrent attempts in a process. */
export const ATTEMPT_LIMITS = { total: 64, perHost: 8, perAccount: 4 };

/** Limits concurrent attempts, so that a hanging receiver occupies only its own slots. */
export interface AttemptSlots {
  /** The total number of free slots. */
  free(): number;
  /** The accounts and hosts without a free slot. */
  exhausted(): { accounts: string[]; hosts: string[] };
  /** @returns the accounts of `due` for which there are free slots, one slot per account, in order */
  choose(due: readonly DueAccount[]): DueAccount[];
  acquire(account: DueAccount): void;
  release(account: DueAccount): void;
}

export function createAttemptSlots({ total, perHost, perAccount }: typeof ATTEMPT_LIMITS): AttemptSlots {
  const hosts = new Map<string, number>();
  const accounts = new Map<string, number>();
  let acquired = 0;

  const addTo = (counts: Map<string, number>, key: string, change: 1 | -1) => {
    const count = (counts.get(key) ?? 0) + change;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  const keysAtLimit = (counts: Map<string, number>, limit: number) =>
    [...counts].filter(([, count]) => count >= limit).map(([key]) => key);

  return {
    free: () => total - acquired,
    exhausted: () => ({ accounts: keysAtLimit(accounts, perAccount), hosts: keysAtLimit(hosts, perHost) }),
    choose: (due) => {
      const chosenPerHost = new Map<string, number>();
      return due
        .filter(({ host, accountId }) => {
          const chosen = chosenPerHost.get(host) ?? 0;
          const hasSlot = (hosts.get(host) ?? 0) + chosen < perHost && (accounts.get(accountId) ?? 0) < perAccount;
          if (hasSlot) chosenPerHost.set(host, chosen + 1);
          return hasSlot;
        })
        .slice(0, total - acquired);
    },
    acquire: ({ host, accountId }) => {
      acquired += 1;
      addTo(hosts, host, 1);
      addTo(accounts, accountId, 1);
    },
    release: ({ host, accountId }) => {
      acquired -= 1;
      addTo(hosts, host, -1);
      addTo(accounts, accountId, -1);
    },
  };
}
