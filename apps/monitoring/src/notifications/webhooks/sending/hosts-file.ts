import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Address } from './addresses';

export const HOSTS_FILE = '/etc/hosts';

const LOOPBACK: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

let cached: { path: string; version: string; addresses: Map<string, Address[]> } | undefined;

/**
 * Resolves names that this machine knows without DNS: those in the hosts file, and localhost (RFC 6761).
 * @returns no addresses for any other name
 */
export function localAddresses(hostname: string, hostsFile = HOSTS_FILE): readonly Address[] {
  const name = normalize(hostname);
  const addresses = readHosts(hostsFile).get(name);
  if (addresses) return addresses;
  return name === 'localhost' || name.endsWith('.localhost') ? LOOPBACK : [];
}

function readHosts(path: string): Map<string, Address[]> {
  const stats = statSync(path, { throwIfNoEntry: false });
  const version = `${stats?.ino} ${stats?.size} ${stats?.mtimeMs}`;
  if (cached?.path !== path || cached.version !== version)
    cached = { path, version, addresses: parseHosts(stats ? readFileSync(path, 'utf8') : '') };
  return cached.addresses;
}

/** @returns the addresses of each name in a hosts file; see hosts(5) */
export function parseHosts(text: string): Map<string, Address[]> {
  const addresses = new Map<string, Address[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map(normalize)) addresses.set(name, [...(addresses.get(name) ?? []), { address, family }]);
  }
  return addresses;
}

const normalize = (hostname: string) => hostname.toLowerCase().replace(/\.$/, '');
