import { isIPv4 } from 'node:net';

const GROUPS = 8;
/** Providers assign at least this many groups (64 bits) to one customer, who may use every address in them. */
const NETWORK_GROUPS = 4;

/**
 * The network that a caller counts as: an IPv4 address, or the first 64 bits of an IPv6 address.
 * @param address `undefined` if the caller has already disconnected
 */
export function callerNetwork(address = ''): string {
  const embedded = address.slice(address.lastIndexOf(':') + 1);
  if (isIPv4(embedded)) return embedded;
  const [head = '', tail] = address.replace(/%.*/, '').toLowerCase().split('::');
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));
  const known = [groupsOf(head), groupsOf(tail ?? '')] as const;
  const zeros = Array.from({ length: Math.max(0, GROUPS - known[0].length - known[1].length) }, () => '0');
  const groups = tail === undefined ? known[0] : [...known[0], ...zeros, ...known[1]];
  return groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
