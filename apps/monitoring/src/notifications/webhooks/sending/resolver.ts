import { Resolver } from 'node:dns/promises';
import type { Address, Resolve } from './addresses';
import { HOSTS_FILE, localAddresses } from './hosts-file';

export interface ResolverOptions {
  /** Name servers, as `address:port`; default: the system's. */
  servers?: readonly string[];
  hostsFile?: string;
  /** Time limit of a lookup, in milliseconds. */
  lookupTimeoutMs?: number;
  /** Maximum number of concurrent lookups. */
  lookupsMax?: number;
  /** Of those, the maximum for names whose last lookup got no answer. */
  unansweredMax?: number;
}

/** Timeout of the first try of a query; c-ares doubles it for the second. */
const TRY_MS = 1_000;
const TRIES = 2;
const UNANSWERED_KEPT = 10_000;

interface Lookup {
  addresses: Promise<readonly Address[]>;
  waiters: number;
  cancel(): void;
}

/**
 * Creates a resolver that occupies no threads: the hosts file first, then DNS with c-ares. Concurrent callers share one lookup
 * per name, which ends after `lookupTimeoutMs`. Names that got no answer may take only some of the lookups, so they never block others.
 * At the limit, a lookup fails at once.
 */
export function createResolver(options: ResolverOptions = {}): Resolve {
  const { servers, hostsFile = HOSTS_FILE, lookupTimeoutMs = 3_000, lookupsMax = 48, unansweredMax = 16 } = options;
  const lookups = new Map<string, Lookup>();
  const unanswered = new Set<string>();

  const remember = (name: string, isAnswered: boolean) => {
    unanswered.delete(name);
    if (isAnswered) return;
    unanswered.add(name);
    if (unanswered.size > UNANSWERED_KEPT) unanswered.delete(unanswered.values().next().value!);
  };

  const begin = (name: string): Lookup => {
    const isSuspect = unanswered.has(name);
    const suspects = [...lookups.keys()].filter((lookedUp) => unanswered.has(lookedUp)).length;
    if (lookups.size >= lookupsMax || (isSuspect && suspects >= unansweredMax)) throw new Error('too many lookups');
    const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
    if (servers) resolver.setServers(servers);
    const timer = setTimeout(() => resolver.cancel(), lookupTimeoutMs);
    const addresses = query(resolver, name).then((result) => {
      clearTimeout(timer);
      lookups.delete(name);
      remember(name, result.isAnswered);
      return result.addresses;
    });
    const lookup = { addresses, waiters: 0, cancel: () => resolver.cancel() };
    lookups.set(name, lookup);
    return lookup;
  };

  return async (hostname, signal) => {
    signal.throwIfAborted();
    const local = localAddresses(hostname, hostsFile);
    if (local.length > 0) return local;
    const lookup = lookups.get(hostname) ?? begin(hostname);
    lookup.waiters += 1;
    const leave = () => {
      lookup.waiters -= 1;
      if (lookup.waiters === 0) lookup.cancel();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await lookup.addresses;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };
}

/** Answers that the name does not exist or has no address of that family. */
const NO_ADDRESS = new Set(['ENOTFOUND', 'ENODATA']);

async function query(resolver: Resolver, name: string): Promise<{ addresses: Address[]; isAnswered: boolean }> {
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const of = (result: typeof v4, family: number) =>
    result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
  return {
    addresses: [...of(v4, 4), ...of(v6, 6)],
    isAnswered: [v4, v6].some(
      (result) => result.status === 'fulfilled' || NO_ADDRESS.has((result.reason as NodeJS.ErrnoException).code ?? ''),
    ),
  };
}
