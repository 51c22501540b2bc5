import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../console/failure';
import type { Home } from '../machine/paths';
import { writeFileAtomically } from '../machine/write-file';
import type { CommandResult } from '../machine/run-command';
import type { Runtime } from '../runtime';
import { accessMode } from '../settings/access';
import type { Settings } from '../settings/settings';

/** The keys that `up` creates where access is closed. */
const KEYS = {
  operator: 'operator,shop:admin,wallet:admin,atm:admin,monitoring:admin',
  shop: 'shop:write,wallet:write,atm:use,monitoring:read',
};
type KeyName = keyof typeof KEYS;

/** Whether the APIs require credentials. In containers they do, because they listen on an address that isn't loopback. */
export const isAccessClosed = (settings: Settings, { isInContainers }: Pick<Runtime, 'isInContainers'>): boolean =>
  isInContainers || accessMode(settings) === 'closed';

/** The folder with the keys that `up` has created. Systems with and without containers have different databases. */
export const keyFolder = (home: Home, { isInContainers }: Pick<Runtime, 'isInContainers'>): string =>
  join(home.folder, isInContainers ? 'container-keys' : 'keys');

/** The file with a key, as a header that `curl -H @FILE` sends. Unlike an argument, it doesn't show in the list of processes. */
export const keyFile = (home: Home, runtime: Pick<Runtime, 'isInContainers'>, name: KeyName): string =>
  join(keyFolder(home, runtime), name);

/**
 * Creates the operator's key and the shop's unless they exist, and writes them to files.
 * @returns what was done, as text
 */
export async function createKeys(home: Home, runtime: Pick<Runtime, 'keys' | 'isInContainers'>): Promise<string[]> {
  const { stdout } = await requireSuccess(runtime.keys(['list', '--json']));
  const existing = JSON.parse(stdout) as { id: string; revoked_at: string | null }[];
  mkdirSync(keyFolder(home, runtime), { recursive: true, mode: 0o700 });
  const lines: string[] = [];
  for (const name of Object.keys(KEYS) as KeyName[]) {
    const file = keyFile(home, runtime, name);
    const key = existing.find(({ id }) => id === name);
    if (key?.revoked_at) lines.push(`The API key "${name}" is revoked; create one with another name.`);
    else if (key && !existsSync(file))
      lines.push(`The API key "${name}" exists, but ${file} does not. ${adviceFor(name, file)}`);
    if (key) continue;
    const created = await requireSuccess(runtime.keys(['create', name, '--scopes', KEYS[name]]));
    writeFileAtomically(file, `${HEADER}${created.stdout.trim()}\n`, { mode: 0o600 });
    lines.push(`Created the API key "${name}": ${file}`);
  }
  return lines;
}

const HEADER = 'X-API-Key: ';

const adviceFor = (name: string, file: string) =>
  `To replace the key: (umask 077; echo "${HEADER}$(./setup.sh keys rotate ${name})" >${file})`;

async function requireSuccess(command: Promise<CommandResult>): Promise<CommandResult> {
  const result = await command;
  if (result.code !== 0) throw new Failure(`The API keys could not be created: ${result.stderr.trim()}`);
  return result;
}
