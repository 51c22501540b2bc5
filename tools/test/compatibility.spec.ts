import { join } from 'node:path';
import { ROOT } from '../souk/machine/paths';
import { addSuites, renderCompatibility, type SuiteResults, type TestRun } from './compatibility.mjs';

const file = (name: string, ...statuses: string[]) => ({
  name: join(ROOT, name),
  status: statuses.every((status) => status === 'passed') ? 'passed' : 'failed',
  assertionResults: statuses.map((status) => ({ status })),
});

test('results are added up by project, and each scenario is a suite', () => {
  const suites: SuiteResults = {};
  addSuites(suites, [
    file('libs/database/src/migrator.int-spec.ts', 'passed', 'passed'),
    file('libs/database/src/upsert.int-spec.ts', 'passed', 'failed'),
    file('tools/souk/engines/durability.int-spec.ts', 'passed'),
    file('apps/e2e/src/promises.e2e-spec.ts', 'passed'),
  ]);
  expect(suites).toEqual({
    'libs/database': { passed: 3, failed: 1 },
    tools: { passed: 1, failed: 0 },
    'apps/e2e/src/promises.e2e-spec.ts': { passed: 1, failed: 0 },
  });
});

test('a file that could not be run counts as a failure', () => {
  const suites: SuiteResults = {};
  addSuites(suites, [{ ...file('libs/database/src/migrator.int-spec.ts'), status: 'failed' }]);
  expect(suites).toEqual({ 'libs/database': { passed: 0, failed: 1 } });
});

test('the page shows the versions and the results of each run, and the results of each suite', () => {
  const run: TestRun = {
    date: '2026-01-31',
    where: 'processes',
    versions: { node: '24.1.0', database: 'MySQL 9.7.4', rabbitmq: '4.3.6', redis: '8.0.6' },
    suites: { 'libs/database': { passed: 7, failed: 0 } },
  };
  const failing = {
    ...run,
    suites: { 'libs/database': { passed: 6, failed: 1 }, scenarios: { passed: 2, failed: 0 } },
  };
  const rows = renderCompatibility([run, failing])
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()).slice(1, -1)); // prettier-ignore
  expect(rows).toContainEqual([
    '1',
    'processes',
    '24.1.0',
    'MySQL 9.7.4',
    '4.3.6',
    '8.0.6',
    '',
    '7',
    '0',
    '2026-01-31',
  ]);
  expect(rows).toContainEqual([
    '2',
    'processes',
    '24.1.0',
    'MySQL 9.7.4',
    '4.3.6',
    '8.0.6',
    '',
    '8',
    '1',
    '2026-01-31',
  ]);
  expect(rows).toContainEqual(['`libs/database`', '7', '6, 1 failed']);
  expect(rows).toContainEqual(['`scenarios`', '', '2']);
});
