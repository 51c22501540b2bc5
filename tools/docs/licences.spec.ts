import { describeLicences } from './licences';

const packages = {
  '': { version: '1.0.0', license: 'MIT' },
  'node_modules/express': { version: '5.3.0', license: 'MIT' },
  'node_modules/@grpc/grpc-js': { version: '1.14.7', license: 'Apache-2.0' },
  'node_modules/express/node_modules/debug': { version: '4.0.0', license: 'MIT' },
  'node_modules/jest': { version: '30.0.0', license: 'Secret', dev: true },
};

test('lists the packages that are needed at run time, by licence', () => {
  const page = describeLicences({ packages });
  expect(page).toContain('\n## Apache-2.0\n\n- @grpc/grpc-js 1.14.7\n\n## MIT\n\n- debug 4.0.0\n- express 5.3.0\n');
  expect(page).not.toContain('jest');
});

test.each([
  ['an unknown licence', { license: 'SSPL-1.0' }, 'SSPL-1.0: mongo 1.0.0'],
  ['no licence', {}, 'none: mongo 1.0.0'],
])('refuses a package with %s', (_case, entry, reason) => {
  const withRefused = { packages: { ...packages, 'node_modules/mongo': { version: '1.0.0', ...entry } } };
  expect(() => describeLicences(withRefused)).toThrow(reason);
});
