import { BlockList, isIP } from 'node:net';

/** An address that a name resolves to. */
export interface Address {
  address: string;
  family: number;
}

/**
 * Resolves a name to all its addresses.
 * @param signal aborts the lookup, unless other callers wait for it
 * @returns an empty list if the name has no address
 * @throws Error if the name can't be looked up
 */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly Address[]>;

/**
 * Networks that aren't public: this network, private, shared (CGNAT), loopback, link-local, protocol assignments, documentation, 6to4
 * relays, benchmarking, multicast, reserved and broadcast. Source: IANA's special-purpose registries (RFC 6890).
 */
const NOT_PUBLIC_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/**
 * Networks that aren't public. Outside 2000::/3, the global unicast space, these are all networks: loopback, unspecified, unique
 * local, link-local, multicast, and forms that embed an IPv4 address (mapped, NAT64). Within it, these are protocol assignments
 * including Teredo and benchmarking, documentation, and 6to4.
 */
const NOT_PUBLIC_V6 = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

// Two lists, because in a single list an IPv4 address would be treated as mapped and match `::/3`.
const v4 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V4) v4.addSubnet(net, prefix, 'ipv4');
const v6 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V6) v6.addSubnet(net, prefix, 'ipv6');

/** @returns true if the address isn't public or isn't an IP address */
export function isPrivateAddress(address: string): boolean {
  const [plainAddress = ''] = address.split('%'); // fe80::1%eth0
  const family = isIP(plainAddress);
  if (family === 4) return v4.check(plainAddress, 'ipv4');
  return family === 6 ? v6.check(plainAddress, 'ipv6') : true;
}

/** @returns the IP address in a URL, or `undefined` if the URL has a name that must be resolved */
export function literalAddress({ hostname }: URL): string | undefined {
  const plainAddress = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(plainAddress) === 0 ? undefined : plainAddress;
}
