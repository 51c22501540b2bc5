// One Jest process runs every project. `npm test` runs the scenarios after the rest, in a process of their own.
const SCENARIOS = '<rootDir>/apps/e2e';
const OTHERS = ['<rootDir>/libs/*', '<rootDir>/apps/!(e2e)', '<rootDir>/tools'];
const PROJECTS = { scenarios: [SCENARIOS], others: OTHERS };

// `testTimeout` counts from here alone; the preset has it for a project run by itself.
module.exports = { projects: PROJECTS[process.env.SOUK_TEST_PROJECTS] ?? [...OTHERS, SCENARIOS], testTimeout: 30_000 };
