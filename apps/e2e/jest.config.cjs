const preset = require('../../jest.preset.cjs');

// Scenarios start whole systems and kill parts of them: one at a time, after everything else. See `npm test`.
module.exports = { ...preset, displayName: 'e2e', testMatch: ['**/src/**/*.e2e-spec.ts'] };
