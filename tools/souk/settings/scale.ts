import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import type { Home } from '../machine/paths';
import { writeFileAtomically } from '../machine/write-file';

/** The apps that can be scaled, and the largest number of replicas. */
export interface ScaleBounds {
  apps: readonly string[];
  replicasMax: number;
}

/** The number of replicas of each app; an app that is absent has one. */
export function readScale(home: Home): Record<string, number> {
  const file = scaleFile(home);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
}

/** The name of the process that is a replica of an app. @param replica 1 for the first */
export function replicaName(app: string, replica: number): string {
  return replica === 1 ? app : `${app}-${replica}`;
}

/** Whether a process or container is a replica of an app. */
export function isReplicaOf(app: string, name: string): boolean {
  return name === app || (name.startsWith(`${app}-`) && /^\d+$/.test(name.slice(app.length + 1)));
}

/**
 * Saves the number of replicas of an app.
 * @throws Failure if there is no such app or the count is out of range
 */
export function writeScale(home: Home, { apps, replicasMax }: ScaleBounds, name: string, count: number): void {
  if (!apps.includes(name)) throw new Failure(`There is no app "${name}" to scale; the apps are ${apps.join(', ')}.`);
  if (!Number.isInteger(count) || count < 0 || count > replicasMax)
    throw new Failure(`The number of replicas must be 0 to ${replicasMax}.`);
  writeFileAtomically(scaleFile(home), `${JSON.stringify({ ...readScale(home), [name]: count })}\n`);
}

function scaleFile(home: Home): string {
  return join(home.folder, 'scale.json');
}
