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
  /** Maximum number of concurrent lookups of names whose last lookup got no answer. */
  unansweredMax?: number;
}

/** Timeout of the first try of a query; c-ares doubles it for the second. */
const TRY_MS = 1_000;
const TRIES = 2;
/** Maximum number of names remembered because they got no answer. */
const UNANSWERED_MAX = 10_000;

interface Lookup {
  addresses: Promise<readonly Address[]>;
  waiters: number;
  cancel(): void;
}

/**
 * Creates a resolver that occupies no threads: it reads the hosts file and then queries DNS with c-ares. Concurrent callers share one
 * lookup per name, which ends after `lookupTimeoutMs`. Names that got no answer may take only some of the lookups, so they never
 * block others. At the limit, a new lookup fails immediately.
 */
export function createResolver(options: ResolverOptions = {}): Resolve {
  const { servers, hostsFile = HOSTS_FILE, lookupTimeoutMs = 3_000, lookupsMax = 48, unansweredMax = 16 } = options;
  const lookups = new Map<string, Lookup>();
  const unanswered = new Set<string>();

  const rememberAnswered = (name: string, isAnswered: boolean) => {
    unanswered.delete(name);
    if (isAnswered) return;
    unanswered.add(name);
    if (unanswered.size > UNANSWERED_MAX) unanswered.delete(unanswered.values().next().value!);
  };

  const begin = (name: string): Lookup => {
    const wasUnanswered = unanswered.has(name);
    const unansweredLookups = [...lookups.keys()].filter((lookupName) => unanswered.has(lookupName)).length;
    if (lookups.size >= lookupsMax || (wasUnanswered && unansweredLookups >= unansweredMax))
      throw new Error('too many lookups');
    const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
    if (servers) resolver.setServers(servers);
    const timer = setTimeout(() => resolver.cancel(), lookupTimeoutMs);
    const addresses = query(resolver, name).then((result) => {
      clearTimeout(timer);
      lookups.delete(name);
      rememberAnswered(name, result.isAnswered);
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

/** Error codes for the answer that a name does not exist or has no address of that family. */
const NO_ADDRESS = new Set(['ENOTFOUND', 'ENODATA']);

async function query(resolver: Resolver, name: string): Promise<{ addresses: Address[]; isAnswered: boolean }> {
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const addressesOf = (result: typeof v4, family: number) =>
    result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
  return {
    addresses: [...addressesOf(v4, 4), ...addressesOf(v6, 6)],
    isAnswered: [v4, v6].some(
      (result) => result.status === 'fulfilled' || NO_ADDRESS.has((result.reason as NodeJS.ErrnoException).code ?? ''),
    ),
  };
}
