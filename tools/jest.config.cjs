const preset = require('../jest.preset.cjs');

// The remaining scripts are ES modules; the tests run them as CommonJS, like everything else.
const [swc] = Object.values(preset.transform);
module.exports = {
  ...preset,
  displayName: 'tools',
  testMatch: ['**/*.spec.ts', '**/*.int-spec.ts'],
  transform: { '^.+\\.(ts|mjs)$': swc },
  moduleFileExtensions: [...preset.moduleFileExtensions, 'mjs'],
};
