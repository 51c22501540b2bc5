const preset = require('../../jest.preset.cjs');

const isInContainers = process.env.SOUK_E2E_MODE === 'docker';

// Scenarios start whole systems and kill parts of them: one at a time, after everything else. See `npm test`.
module.exports = {
  ...preset,
  displayName: 'e2e',
  testMatch: ['**/src/**/*.e2e-spec.ts'],
  // What only containers have is tested on them alone.
  testPathIgnorePatterns: isInContainers ? [] : ['/containers\\.e2e-spec\\.ts$'],
};
