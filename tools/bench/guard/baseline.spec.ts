import type { Machine } from '../measuring/machine';
import { FLOOR_SCENARIO_NAMES } from '../scenario-names';
import { listCases, type TestData } from '../scenarios';
import { findDifference, readBaseline } from './baseline';

const machine = (versions: Machine['versions'], cores = 2): Machine => ({
  cpu: 'A CPU',
  cores,
  memoryGiB: 8,
  versions,
});
const baseline = machine({ 'Node.js': '20.1.0', MariaDB: '10.11.2' });

test('minor versions, the order and the processor make no difference', () => {
  const current = { ...machine({ MariaDB: '10.6.1', 'Node.js': '20.9.3' }), cpu: 'Another CPU', memoryGiB: 64 };
  expect(findDifference(baseline, current)).toBeUndefined();
});

test.each([
  ['another major version', machine({ 'Node.js': '24.1.0', MariaDB: '10.11.2' }), '2 cores, MariaDB 10, Node.js 24'],
  ['another kind of database', machine({ 'Node.js': '20.1.0', MySQL: '10.11.2' }), '2 cores, MySQL 10, Node.js 20'],
  ['another number of cores', machine(baseline.versions, 1), '1 core, MariaDB 10, Node.js 20'],
])('%s makes the ratios incomparable', (_, current, description) =>
  expect(findDifference(baseline, current)).toBe(
    `the baseline was measured with 2 cores, MariaDB 10, Node.js 20, and this machine has ${description}`,
  ),
);

test('the committed baseline has the first case of each scenario with a floor', () => {
  const wallets = { walletIds: ['wallet'], fundedWalletIds: [] };
  const data: TestData = { headers: {}, products: ['product'], customers: ['customer'], ...wallets };
  const names = FLOOR_SCENARIO_NAMES.map((scenario) => listCases([scenario], data)[0]!.name);
  expect(Object.keys(readBaseline().cases)).toEqual(names);
});
