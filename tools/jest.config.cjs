// Scripts are tested alike, wherever they are.
module.exports = {
  ...require('../deploy/jest.config.cjs'),
  displayName: 'tools',
  testMatch: ['**/*.spec.ts', '**/*.int-spec.ts'],
};
