import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localAddresses, parseHosts } from './hosts-file';

const HOSTS = `# a comment
127.0.0.1 localhost
10.0.0.1\tshop.Internal  shop # and its short name
fd00::1 shop
no-address broken
`;

test('each name in a hosts file gets all of its addresses', () => {
  expect(parseHosts(HOSTS)).toEqual(
    new Map([
      ['localhost', [{ address: '127.0.0.1', family: 4 }]],
      ['shop.internal', [{ address: '10.0.0.1', family: 4 }]],
      [
        'shop',
        [
          { address: '10.0.0.1', family: 4 },
          { address: 'fd00::1', family: 6 },
        ],
      ],
    ]),
  );
});

test('localhost and names in the hosts file are resolved without DNS, also after the file has changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  const file = join(folder, 'hosts');
  const addressesOf = (name: string) => localAddresses(name, file).map(({ address }) => address);
  try {
    writeFileSync(file, HOSTS);
    expect([addressesOf('SHOP.'), addressesOf('localhost'), addressesOf('unknown.test')]).toEqual([
      ...[['10.0.0.1', 'fd00::1'], ['127.0.0.1'], []],
    ]);
    writeFileSync(file, '10.0.0.22 unknown.test\n');
    expect([addressesOf('unknown.test'), addressesOf('shop')]).toEqual([['10.0.0.22'], []]);
    rmSync(file);
    expect([addressesOf('localhost'), addressesOf('a.localhost.'), addressesOf('unknown.test')]).toEqual([
      ...[['127.0.0.1', '::1'], ['127.0.0.1', '::1'], []],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
