// @ts-check

/**
 * The parts of a test run.
 *
 * @typedef {object} Plan
 * @property {string[]} unit files that need nothing but the packages
 * @property {string[]} integration files that need engines
 * @property {string[]} scenarios files that need built apps, which start their own engines
 */

const LISTED_MAX = 20;

/**
 * @param {string[]} files test files, relative to the repository's root
 * @returns {Plan}
 */
export function planRun(files) {
  /** @type {Plan} */
  const plan = { unit: [], integration: [], scenarios: [] };
  for (const file of files.toSorted()) {
    if (file.endsWith('.e2e-spec.ts')) plan.scenarios.push(file);
    else if (file.endsWith('.int-spec.ts')) plan.integration.push(file);
    else plan.unit.push(file);
  }
  return plan;
}

/** @param {Plan} plan @returns {string} the files that run, or only their number, and the preparation for them */
export function describePlan({ unit, integration, scenarios }) {
  const files = [...unit, ...integration, ...scenarios];
  const counts = [
    ['unit', unit.length],
    ['integration', integration.length],
    ['scenario', scenarios.length],
  ]
    .filter(([, count]) => count !== 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const needs = [
    integration.length > 0 ? 'starts the test engines' : 'no engines',
    scenarios.length > 0 ? 'builds the apps' : 'no build',
  ];
  return [
    `Running ${files.length} test ${files.length === 1 ? 'file' : 'files'} (${counts.join(', ')}); ${needs.join(', ')}.`,
    ...(files.length <= LISTED_MAX ? files.map((file) => `  ${file}`) : []),
  ].join('\n');
}
