// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure.mjs';
import { writeFileAtomically } from '../machine/write-file.mjs';

/** The number of replicas of each app; an app that is absent has one. @param {import('../machine/paths.mjs').Home} home */
export function readScale(home) {
  const file = scaleFile(home);
  return /** @type {Record<string, number>} */ (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
}

/**
 * Whether a process or container is a replica of an app.
 *
 * @param {string} app
 * @param {string} name
 */
export function isReplicaOf(app, name) {
  return name === app || (name.startsWith(`${app}-`) && /^\d+$/.test(name.slice(app.length + 1)));
}

/**
 * Saves the number of replicas of an app.
 *
 * @param {import('../machine/paths.mjs').Home} home
 * @param {{ apps: string[], replicasMax: number }} bounds
 * @param {string} name
 * @param {number} count
 * @throws {Failure} if there is no such app or the count is out of range
 */
export function writeScale(home, { apps, replicasMax }, name, count) {
  if (!apps.includes(name)) throw new Failure(`There is no app "${name}" to scale; the apps are ${apps.join(', ')}.`);
  if (!Number.isInteger(count) || count < 0 || count > replicasMax) {
    throw new Failure(`The number of replicas is 0 to ${replicasMax}.`);
  }
  writeFileAtomically(scaleFile(home), `${JSON.stringify({ ...readScale(home), [name]: count })}\n`);
}

/** @param {import('../machine/paths.mjs').Home} home */
function scaleFile(home) {
  return join(home.folder, 'scale.json');
}
