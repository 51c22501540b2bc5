// @ts-check
import { baseImage, serviceImages } from '../souk/containers/images';
import { findExecutable } from '../souk/machine/find-executable';
import { runCommand } from '../souk/machine/run-command';
import { findServer } from '../souk/native/engines/mysql';

/**
 * The programs of a test run and their versions, such as `MariaDB 10.11.14`. HAProxy runs only in containers.
 *
 * @typedef {{ node: string, database: string, rabbitmq: string, redis: string, haproxy?: string }} EngineVersions
 */

/** @param {string} text @returns {string} the first version in it */
const versionIn = (text) => /\d+(\.\d+)+/.exec(text)?.[0] ?? 'unknown';

/** @param {string} text the output of a database server's `--version` */
const databaseIn = (text) => `${/mariadb/i.test(text) ? 'MariaDB' : 'MySQL'} ${versionIn(text)}`;

/** @returns {Promise<EngineVersions>} */
export async function nativeVersions() {
  const output = async (/** @type {string | undefined} */ program, /** @type {string[]} */ ...args) =>
    (await runCommand(program ?? '', args)).stdout;
  return {
    node: process.versions.node,
    database: databaseIn(await output(findServer({ values: {} }), '--no-defaults', '--version')),
    rabbitmq: versionIn(await output(findExecutable('/usr/lib/rabbitmq/bin/rabbitmqctl', 'rabbitmqctl'), 'version')),
    redis: versionIn(await output(findExecutable('redis-server'), '--version')),
  };
}

/**
 * @param {{ enginesOnly: boolean }} options `enginesOnly`: the tests run on the local Node.js, without a load balancer
 * @returns {Promise<EngineVersions>}
 */
export async function containerVersions({ enginesOnly }) {
  const output = async (
    /** @type {string | undefined} */ image,
    /** @type {string} */ program,
    /** @type {string} */ arg,
  ) => (await runCommand('docker', ['run', '--rm', '--entrypoint', program, image ?? '', arg])).stdout;
  const images = serviceImages();
  const engines = {
    database: databaseIn(await output(images.mysql, 'mysqld', '--version')),
    rabbitmq: versionIn(await output(images.rabbitmq, 'rabbitmqctl', 'version')),
    redis: versionIn(await output(images.redis, 'redis-server', '--version')),
  };
  if (enginesOnly) return { node: process.versions.node, ...engines };
  return {
    node: versionIn(await output(baseImage(), 'node', '--version')),
    ...engines,
    haproxy: versionIn(await output(images['load-balancer'], 'haproxy', '-v')),
  };
}
