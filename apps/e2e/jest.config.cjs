const preset = require('../../jest.preset.cjs');

const isInContainers = process.env.SOUK_E2E_MODE === 'docker';

// Scenarios start whole systems and kill parts of them, so they run one at a time, after all other tests. See `npm test`.
module.exports = {
  ...preset,
  displayName: 'e2e',
  testMatch: ['**/src/**/*.e2e-spec.ts'],
  // Features that only containers have are tested only there.
  testPathIgnorePatterns: isInContainers ? [] : ['/containers\\.e2e-spec\\.ts$'],
};
