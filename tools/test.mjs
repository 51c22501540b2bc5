// @ts-check
/*
 * Runs the tests on private engines, from nothing: installs packages, builds the apps, starts the engines, and stops them.
 *
 *   npm test                              everything: unit and integration in parallel, then the scenarios one by one
 *   npm test -- libs/money                files whose path matches; the same goes for any other option of Jest
 *   npm test -- --no-e2e                  without the scenarios
 *   npm test -- --e2e promises            scenarios alone
 *   npm test -- --docker containers       scenarios alone, on containers instead of this machine's own processes
 *   npm run coverage                      with coverage of unit and integration tests, in coverage/
 *
 * `node deploy/native/souk.mjs engines up --home .souk/test` beforehand keeps the engines from run to run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installBrowser } from './install-browser.mjs';

const ROOT = resolve(import.meta.dirname ?? '.', '..');
const SOUK = join(ROOT, 'deploy/native/souk.mjs');
const TEST_HOME = join(ROOT, '.souk/test');
const RESULTS = join(ROOT, '.souk/test-results.json');

const given = process.argv.slice(2);
const withScenarios = !given.includes('--no-e2e');
const isInContainers = given.includes('--docker');
const withFast = !given.includes('--e2e') && !isInContainers;
const jestArguments = given.filter((argument) => !['--no-e2e', '--e2e', '--docker'].includes(argument));
const totals = { passed: 0, failed: 0 };

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      NX_DAEMON: 'false',
      SOUK_TEST_ENGINES: join(TEST_HOME, 'engines.json'),
      ...(isInContainers ? { SOUK_E2E_MODE: 'docker' } : {}),
    },
  });
  return status ?? 1;
}

/** @param {string[]} args @returns {boolean} whether all passed */
function jest(args) {
  rmSync(RESULTS, { force: true });
  const bin = join(ROOT, 'node_modules/jest/bin/jest.js');
  const status = run(process.execPath, [
    bin,
    '--json',
    `--outputFile=${RESULTS}`,
    '--passWithNoTests',
    ...args,
    ...jestArguments,
  ]);
  if (existsSync(RESULTS)) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(RESULTS, 'utf8'));
    totals.passed += numPassedTests;
    totals.failed += numFailedTests + numRuntimeErrorTestSuites;
  } else totals.failed++;
  return status === 0;
}

function fastTests() {
  const isKept = existsSync(join(TEST_HOME, 'engines.json'));
  if (
    run(process.execPath, [
      SOUK,
      'engines',
      'up',
      '--home',
      TEST_HOME,
      ...(isKept ? [] : ['--parent', String(process.pid)]),
    ]) !== 0
  )
    return false;
  const passed = jest(['--ignoreProjects', 'e2e']);
  if (!isKept) run(process.execPath, [SOUK, 'engines', 'down', '--home', TEST_HOME]);
  return passed;
}

const isPrepared = run(process.execPath, [SOUK, 'build']) === 0;
const isFastGreen = isPrepared && (!withFast || fastTests());
if (isFastGreen && withScenarios) installBrowser();
const isGreen = isFastGreen && (!withScenarios || jest(['--selectProjects', 'e2e', '--runInBand', '--coverage=false']));

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(isGreen && totals.failed === 0 ? 0 : 1);
