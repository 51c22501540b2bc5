const path = require('node:path');

module.exports = {
  testEnvironment: 'node',
  testMatch: ['**/src/**/*.spec.ts', '**/src/**/*.int-spec.ts'],
  // `npm test -- --engines` leaves out the tests that need no engines.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.SOUK_TEST_KIND === 'integration' ? ['\\.spec\\.ts$'] : []),
  ],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^@souk/([a-z-]+)$': path.join(__dirname, 'libs/$1/src/index.ts') },
  moduleFileExtensions: ['ts', 'js', 'json'],
  testTimeout: 30_000,
  errorOnDeprecated: true,
  coveragePathIgnorePatterns: ['/node_modules/', '/generated/', '\\.spec\\.ts$', '\\.int-spec\\.ts$'],
};
