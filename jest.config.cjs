// One Jest process runs every project. `npm test` runs the scenarios after the rest, in a process of their own.
const SCENARIOS = '<rootDir>/apps/e2e';
const UNIT_AND_INTEGRATION = ['<rootDir>/libs/*', '<rootDir>/apps/!(e2e)', '<rootDir>/tools'];
const PROJECTS = { scenarios: [SCENARIOS], 'unit-and-integration': UNIT_AND_INTEGRATION };

// Jest reads `testTimeout` only here; the preset sets it for a project that is run by itself.
module.exports = {
  projects: PROJECTS[process.env.SOUK_TEST_PROJECTS] ?? [...UNIT_AND_INTEGRATION, SCENARIOS],
  testTimeout: 30_000,
};
