import { judgeVersion, type EngineName } from './supported-engines';

test.each<[EngineName, string]>([
  ['mysql', '8.4.3'],
  ['mysql', '9.7.4-2'],
  ['mariadb', '10.11.14-MariaDB-0+deb12u2'],
  ['mariadb', '11.8.3-MariaDB'],
  ['rabbitmq', '3.10.8'],
  ['rabbitmq', '4.3.6'],
  ['redis', '7.0.15'],
  ['node', '20.20.2'],
  ['node', '24.19.0'],
])('%s %s is supported', (engine, version) => expect(judgeVersion(engine, version)).toEqual({}));

test.each<[EngineName, string, string]>([
  ['mysql', '8.0.36', 'MySQL 8.0.36: Souk is tested with MySQL 8.4 to 9.7'],
  ['mysql', '9.8.0', 'MySQL 9.8.0: Souk is tested with MySQL 8.4 to 9.7'],
  ['mariadb', '12.0.1-MariaDB', 'MariaDB 12.0.1-MariaDB: Souk is tested with MariaDB 10.11 to 11.8'],
  ['node', '25.0.0', 'Node.js 25.0.0: Souk is tested with Node.js 20 to 24'],
  ['rabbitmq', '', 'RabbitMQ of an unknown version: Souk is tested with RabbitMQ 3.10 to 4.3'],
])('%s %s causes a warning', (engine, version, warning) => expect(judgeVersion(engine, version)).toEqual({ warning }));

test.each<[EngineName, string, RegExp]>([
  ['mysql', '8.0.18', /^MySQL 8\.0\.18 does not work: it has no row alias/],
  ['mysql', '5.7.44', /does not work/],
  ['mariadb', '10.5.29-MariaDB', /it has no SKIP LOCKED/],
  ['rabbitmq', '3.9.29', /at-least-once/],
])('%s %s is refused with the reason', (engine, version, refusal) =>
  expect(judgeVersion(engine, version)).toEqual({ refusal: expect.stringMatching(refusal) as string }),
);
