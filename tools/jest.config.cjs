// The same configuration for all scripts, wherever they are.
module.exports = {
  ...require('../deploy/jest.config.cjs'),
  displayName: 'tools',
  testMatch: ['**/*.spec.ts', '**/*.int-spec.ts'],
};
