const preset = require('../../jest.preset.cjs');

const isInContainers = process.env.SOUK_E2E_MODE === 'docker';
const group = process.env.SOUK_TEST_SCENARIOS;

const SHORT = 'five-systems.e2e-spec.ts';

// Scenarios start whole systems and kill parts of them, so they run one at a time, after all other tests. See `npm test`.
module.exports = {
  ...preset,
  displayName: 'e2e',
  testMatch: [`**/src/${group === 'short' ? SHORT : '*.e2e-spec.ts'}`],
  testPathIgnorePatterns: [
    // Features that exist only in containers are tested only there.
    ...(isInContainers ? [] : ['/(containers|tls)\\.e2e-spec\\.ts$']),
    ...(group === 'long' ? [`/${SHORT}$`] : []),
  ],
};
