// @ts-check
import { SUPPORTED_ENGINES } from '@souk/service';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../souk/machine/paths';

/**
 * @typedef {{ passed: number, failed: number }} Counts
 *
 * @typedef {Record<string, Counts>} SuiteResults by suite: the folder of a project, or the path of a scenario
 *
 * @typedef {object} TestRun
 * @property {string} date such as `2026-01-31`
 * @property {string} where `processes` or `containers`
 * @property {import('./engine-versions.mjs').EngineVersions} versions
 * @property {SuiteResults} suites
 *
 * @typedef {object} FileResult Jest's result for a test file
 * @property {string} name its path
 * @property {string} status
 * @property {{ status: string }[]} assertionResults
 */

const RUNS_FILE = join(ROOT, 'docs/generated/compatibility.json');
const PAGE = join(ROOT, 'docs/compatibility.md');

/** Adds Jest's results for test files to the results by suite. @param {SuiteResults} suites @param {FileResult[]} files */
export function addSuites(suites, files) {
  for (const { name, status, assertionResults } of files) {
    const path = relative(ROOT, name);
    const suite = path.endsWith('.e2e-spec.ts') ? path : path.replace(/^((libs|apps)\/[^/]+|[^/]+)\/.*/, '$1');
    const counts = (suites[suite] ??= { passed: 0, failed: 0 });
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    counts.passed += assertionResults.filter((test) => test.status === 'passed').length;
    // A file that can't run has no failed test, but counts as one.
    counts.failed += failed === 0 && status === 'failed' ? 1 : failed;
  }
}

/** Adds a run to the page, replacing an older run on the same versions but keeping its other suites. @param {TestRun} run */
export function recordRun(run) {
  const runs = readRuns();
  const keyOf = (/** @type {TestRun} */ { where, versions }) => JSON.stringify([where, versions]);
  const replacedRun = runs.find((recordedRun) => keyOf(recordedRun) === keyOf(run));
  const mergedRun = { ...run, suites: { ...replacedRun?.suites, ...run.suites } };
  const sortedRuns = [...runs.filter((recordedRun) => recordedRun !== replacedRun), mergedRun].sort((one, other) =>
    keyOf(one) < keyOf(other) ? -1 : 1,
  );
  writeFileSync(RUNS_FILE, `${JSON.stringify(sortedRuns, undefined, 2)}\n`);
  writePage();
}

/** Writes the page from the recorded runs and the list of supported versions. */
export function writePage() {
  writeFileSync(PAGE, renderCompatibility(readRuns()));
}

/** @returns {TestRun[]} */
function readRuns() {
  return existsSync(RUNS_FILE) ? JSON.parse(readFileSync(RUNS_FILE, 'utf8')) : [];
}

/** @param {TestRun[]} runs @returns {string} the page, in Markdown */
export function renderCompatibility(runs) {
  const suites = [...new Set(runs.flatMap((run) => Object.keys(run.suites)))].sort();
  return [
    '# Compatibility',
    '',
    'Generated from test runs by `npm test -- --record`, not edited by hand.',
    '',
    '## Supported versions',
    '',
    'Souk logs a warning at start-up if a version is outside its range, and refuses one that is known not to work. It does not check',
    'the version of HAProxy.',
    '',
    ...table(
      ['program', 'oldest', 'newest', 'refused'],
      Object.values(SUPPORTED_ENGINES).map(({ name, oldest, newest, refusedBelow, reason }) => [
        ...[name, oldest, newest],
        `below ${refusedBelow}: ${reason}`,
      ]),
    ),
    '',
    '## Test runs',
    '',
    'Each run used one version of each program. In runs on processes, the tests started the programs installed on the machine. In runs',
    'on containers, they used the images in `docker-compose.yml`, or those named with `--images`.',
    '',
    ...table(
      ['run', 'on', 'Node.js', 'database', 'RabbitMQ', 'Redis', 'HAProxy', 'passed', 'failed', 'date'],
      runs.map(({ date, where, versions, suites: results }, index) => [
        ...[String(index + 1), where, versions.node, versions.database, versions.rabbitmq, versions.redis],
        ...[versions.haproxy ?? '', String(sum(results, 'passed')), String(sum(results, 'failed')), date],
      ]),
    ),
    '',
    '## Suites',
    '',
    'The number of tests that passed, by suite and by the number of the run. An empty field means that no test of the suite ran.',
    '',
    ...table(
      ['suite', ...runs.map((_, index) => String(index + 1))],
      suites.map((suite) => [`\`${suite}\``, ...runs.map((run) => describe(run.suites[suite]))]),
    ),
    '',
  ].join('\n');
}

/** @param {SuiteResults} results @param {keyof Counts} outcome */
function sum(results, outcome) {
  return Object.values(results).reduce((total, counts) => total + counts[outcome], 0);
}

/** @param {Counts | undefined} counts */
function describe(counts) {
  if (!counts) return '';
  return counts.failed === 0 ? String(counts.passed) : `${counts.passed}, ${counts.failed} failed`;
}

/** @param {string[]} head @param {string[][]} rows @returns {string[]} lines as Prettier formats them */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
