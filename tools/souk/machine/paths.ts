import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The repository's root folder, without a trailing slash. */
export const ROOT = findRoot(__dirname);

/** The file that this code runs from: its bundle. A process that outlives this one is started from it. */
export const BUNDLE = __filename;

/** The home of the system that `setup.sh` starts. Tests have private homes elsewhere. */
export const MAIN_HOME = join(ROOT, '.souk');

/** The folders and files of one running system. Several homes can be in use on one machine. */
export interface Home {
  /** The home itself. */
  folder: string;
  /** Whether it is the home of `setup.sh`, whose settings are in the repository's `.env`. */
  isMain: boolean;
  /** Settings and passwords. */
  envFile: string;
  /** Pid files and the supervisor's control socket. */
  run: string;
  /** One log per process. */
  logs: string;
  /** The engines' data; a link to another folder if they can't reach this one. */
  data: string;
  /** The certificates of a system in containers with TLS. */
  tls: string;
}

/** @param folder default: the main home */
export function homeAt(folder: string = MAIN_HOME): Home {
  const path = resolve(folder);
  const isMain = path === MAIN_HOME;
  return {
    folder: path,
    isMain,
    envFile: isMain ? join(ROOT, '.env') : join(path, 'settings.env'),
    run: join(path, 'run'),
    logs: join(path, 'logs'),
    data: join(path, 'data'),
    tls: join(path, 'tls'),
  };
}

/** Creates the folders of a home. */
export function makeHome(home: Home): void {
  for (const folder of [home.folder, home.run, home.logs]) mkdirSync(folder, { recursive: true });
}

/** Searches upwards, because a bundle isn't where the source is. */
function findRoot(folder: string): string {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`${__dirname} is not inside the repository.`);
  return findRoot(parent);
}
