// @ts-check
/*
 * Runs tests and prepares only what they need: installs engines and a browser, starts and stops private engines, builds the apps.
 *
 *   npm test                          unit and integration tests in parallel, then one short scenario of each system
 *   npm run test:system               the other scenarios, with kills, races and storms, and the container scenarios if a Docker
 *                                     engine is running
 *   npm test -- libs/money            files whose path matches; other Jest options work too
 *   npm test -- --no-e2e              without scenarios
 *   npm test -- --e2e promises        only scenarios
 *   npm test -- --docker              only scenarios, in containers instead of local processes
 *   npm test -- --docker --tls        the same, with TLS between the containers
 *   npm test -- --engines containers  only integration tests, on engines in containers
 *   npm run coverage                  with coverage of unit and integration tests, in coverage/
 *
 * Each accepts a path pattern as well: `npm test -- --docker promises` runs only the scenarios whose path matches `promises`.
 * With --docker or --engines, `--images redis:7.2,haproxy:3.0` replaces images of the compose file. `--record` adds the results
 * and versions of the run to docs/compatibility.md.
 *
 * To keep the engines between runs, run `node tools/souk.mjs engines up --home .souk/test` first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { installBrowser } from './install-browser';
import { ROOT } from './souk/machine/paths';
import { addSuites, recordRun } from './test/compatibility.mjs';
import { containerVersions, nativeVersions } from './test/engine-versions.mjs';
import { describePlan, planRun } from './test/plan.mjs';

const JEST = join(ROOT, 'node_modules/jest/bin/jest.js');
const totals = { passed: 0, failed: 0 };
/** @type {import('./test/compatibility.mjs').SuiteResults} */
const suites = {};
/** @type {'short' | 'long' | 'all'} */
let scenarioGroup = 'all';

const { flags, values, rest: rawJestArguments } = parseOptions(process.argv.slice(2));
const isSystemRun = flags.has('--system');
const areAppsInContainers = flags.has('--docker');
const areEnginesInContainers = values.has('--engines');
const selection =
  areAppsInContainers || isSystemRun || flags.has('--e2e')
    ? 'scenarios'
    : areEnginesInContainers || flags.has('--no-e2e')
      ? 'unit-and-integration'
      : 'all';
if (values.has('--images')) process.env.SOUK_IMAGES = values.get('--images');

const SOUK = [join(ROOT, 'tools/souk.mjs'), ...(areEnginesInContainers ? ['--docker'] : [])];
const TEST_HOME = join(ROOT, '.souk', areEnginesInContainers ? 'test-containers' : 'test');

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  finish(false);
}

/** @param {boolean} isGreen @returns {never} */
function finish(isGreen) {
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  process.exit(isGreen && totals.failed === 0 ? 0 : 1);
}

/**
 * @param {string[]} args
 * @returns {{ flags: Set<string>, values: Map<string, string>, rest: string[] }} `rest` is for Jest
 */
function parseOptions(args) {
  const flags = new Set();
  const values = new Map();
  const rest = [];
  for (let index = 0; index < args.length; index++) {
    const [option = '', inline] = (args[index] ?? '').split(/=(.*)/s);
    if (['--no-e2e', '--e2e', '--system', '--docker', '--tls', '--record'].includes(option)) flags.add(option);
    else if (['--engines', '--images'].includes(option)) values.set(option, inline ?? args[++index] ?? '');
    else rest.push(args[index] ?? '');
  }
  if (values.has('--engines') && values.get('--engines') !== 'containers')
    fail('--engines takes one value: containers.');
  if (values.has('--images') && !values.has('--engines') && !flags.has('--docker'))
    fail('--images needs --docker or --engines containers.');
  if (flags.has('--tls') && !flags.has('--docker')) fail('--tls needs --docker.');
  return { flags, values, rest };
}

/** @param {string} projects @param {boolean} [inContainers] @returns {NodeJS.ProcessEnv} */
function environment(projects, inContainers = areAppsInContainers) {
  return {
    ...process.env,
    NX_DAEMON: 'false',
    SOUK_TEST_PROJECTS: projects,
    SOUK_TEST_ENGINES: join(TEST_HOME, 'engines.json'),
    SOUK_TEST_SCENARIOS: scenarioGroup,
    ...(inContainers ? { SOUK_E2E_MODE: 'docker' } : {}),
    ...(flags.has('--tls') ? { SOUK_TEST_TLS: 'yes' } : {}),
    ...(areEnginesInContainers ? { SOUK_TEST_KIND: 'integration' } : {}),
  };
}

/** @param {string[]} args @returns {boolean} */
function node(...args) {
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: environment('all') }).status === 0;
}

/** The scenarios that run if no path selects them. @returns {'short' | 'long' | 'all'} */
function defaultScenarios() {
  if (isSystemRun) return 'long';
  return flags.has('--e2e') || areAppsInContainers ? 'all' : 'short';
}

/** @param {string[]} args Jest's arguments @returns {string[]} the test files they select, relative to the repository's root */
function listFiles(args) {
  const { status, stdout } = spawnSync(process.execPath, [JEST, '--listTests', '--json', ...args], {
    ...{ cwd: ROOT, env: environment(selection), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  });
  if (status !== 0) fail('Jest could not list the test files.');
  return /** @type {string[]} */ (JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1))).map((file) =>
    relative(ROOT, file),
  );
}

/**
 * Jest matches its regular expression anywhere in the absolute path, including the part above the repository.
 *
 * @param {string} path
 * @returns {string} if the path exists in the repository, a pattern that matches only it; otherwise the path unchanged
 */
function patternOf(path) {
  return path !== '' && existsSync(join(ROOT, path)) ? join(ROOT, path).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : path;
}

/** @returns {Promise<string[]>} Jest's arguments; ends the process if one of them is wrong or matches nothing */
async function checkArguments() {
  const { buildArgv } = await import('jest');
  const { _: positionals } = await buildArgv(rawJestArguments).catch((error) => fail(String(error.message)));
  const paths = positionals.map(String);
  if (paths.length === 0) scenarioGroup = defaultScenarios();
  for (const path of paths) {
    if (listFiles([patternOf(path)]).length > 0) continue;
    fail(
      [
        `No test file matches "${path}".`,
        'Tests are in *.spec.ts, *.int-spec.ts and *.e2e-spec.ts; a path is a regular expression.',
        'With --e2e or --docker only scenarios match; containers.e2e-spec.ts and tls.e2e-spec.ts run only with --docker.',
        'With --engines containers only integration tests match.',
      ].join('\n'),
    );
  }
  return rawJestArguments.map((argument) => (paths.includes(argument) ? patternOf(argument) : argument));
}

/**
 * @param {'scenarios' | 'unit-and-integration'} projects
 * @param {string[]} jestArguments
 * @param {string[]} options
 * @returns {boolean} whether all passed
 */
function jest(projects, jestArguments, ...options) {
  return runJest(environment(projects), [...jestArguments, ...options]);
}

/** @param {NodeJS.ProcessEnv} env @param {string[]} options @returns {boolean} whether all passed */
function runJest(env, options) {
  const folder = mkdtempSync(join(tmpdir(), 'souk-tests-'));
  const file = join(folder, 'results.json');
  const args = [JEST, '--json', `--outputFile=${file}`, ...options];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env });
  if (existsSync(file)) {
    const results = JSON.parse(readFileSync(file, 'utf8'));
    totals.passed += results.numPassedTests;
    totals.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
    addSuites(suites, results.testResults);
  } else totals.failed++;
  rmSync(folder, { recursive: true });
  return status === 0;
}

/** @param {() => boolean} task @returns {boolean} whether the engines started and the task succeeded */
function withEngines(task) {
  const isKept = existsSync(join(TEST_HOME, 'engines.json'));
  const parent = isKept ? [] : ['--parent', String(process.pid)];
  if (!node(...SOUK, 'engines', 'up', '--home', TEST_HOME, ...parent)) fail('The test engines did not start.');
  const succeeded = task();
  if (!isKept) node(...SOUK, 'engines', 'down', '--home', TEST_HOME);
  return succeeded;
}

/** Adds the run to the compatibility page. */
async function record() {
  const onContainers = areAppsInContainers || areEnginesInContainers;
  const versions = await (onContainers ? containerVersions({ enginesOnly: areEnginesInContainers }) : nativeVersions());
  const date = new Date().toISOString().slice(0, 10);
  recordRun({ date, where: onContainers ? 'containers' : 'processes', versions, suites });
}

/** Runs the container scenarios if a Docker engine is running; ends the process if one of them fails. */
function runContainerScenarios() {
  if (spawnSync('docker', ['version'], { stdio: 'ignore' }).status !== 0)
    console.log('Skipping the scenarios in containers: no Docker engine is running.');
  else if (!runJest(environment('scenarios', true), ['--runInBand', '(containers|tls).e2e-spec'])) finish(false);
}

async function main() {
  const jestArguments = await checkArguments();
  const files = listFiles(jestArguments);
  if (files.length === 0) fail('No test files match.');
  const plan = planRun(files);
  console.log(describePlan(plan));

  if (plan.scenarios.length > 0 && !node(...SOUK, 'build')) fail('The apps could not be built.');
  if (files.some((file) => readFileSync(join(ROOT, file), 'utf8').includes('findBrowser('))) installBrowser();
  // Jest leaves one processor idle by default, although most tests just wait for engines.
  const isWorkerCountSet = jestArguments.some((argument) =>
    /^(-w|-i|--maxWorkers|--runInBand|--run-in-band)\b/.test(argument),
  );
  const workers = isWorkerCountSet ? [] : [`--maxWorkers=${availableParallelism() + 1}`];
  const runUnitAndIntegration = () => jest('unit-and-integration', jestArguments, ...workers);
  if (
    plan.integration.length > 0 ? !withEngines(runUnitAndIntegration) : plan.unit.length > 0 && !runUnitAndIntegration()
  ) {
    if (flags.has('--record')) await record();
    if (plan.scenarios.length > 0) console.error('The scenarios were not run because other tests failed.');
    finish(false);
  }
  const isGreen = plan.scenarios.length === 0 || jest('scenarios', jestArguments, '--runInBand', '--coverage=false');
  if (flags.has('--record')) await record();
  if (!isGreen) finish(false);
  if (isSystemRun && jestArguments.length === 0) runContainerScenarios();
  if (totals.passed + totals.failed === 0 && jestArguments.some((argument) => /^(-t|--testNamePattern)/.test(argument)))
    fail('No test name matches.');
  finish(true);
}

void main();
