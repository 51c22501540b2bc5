const path = require('node:path');

const compiledBySwc = (parser) => [
  '@swc/jest',
  { jsc: { parser, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
];

module.exports = {
  testEnvironment: 'node',
  testMatch: ['**/src/**/*.spec.ts', '**/src/**/*.int-spec.ts'],
  // `npm test -- --engines` leaves out the tests that need no engines.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.SOUK_TEST_KIND === 'integration' ? ['\\.spec\\.ts$'] : []),
  ],
  transform: {
    '^.+\\.ts$': compiledBySwc({ syntax: 'typescript' }),
    // An ES module, which Jest can't load as it is.
    '/node_modules/jose/.+\\.js$': compiledBySwc({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  moduleNameMapper: { '^@souk/([a-z-]+)$': path.join(__dirname, 'libs/$1/src/index.ts') },
  moduleFileExtensions: ['ts', 'js', 'json'],
  testTimeout: 30_000,
  errorOnDeprecated: true,
  coveragePathIgnorePatterns: ['/node_modules/', '/generated/', '\\.spec\\.ts$', '\\.int-spec\\.ts$'],
};
