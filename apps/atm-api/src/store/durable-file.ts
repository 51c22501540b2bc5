import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const temporaryOf = (path: string) => `${path}.new`;

/**
 * Replaces a file: whoever reads it, also after a crash, sees the old text or the new one. Both are on disk when this is done.
 * @returns once the new text counts; `isDurable` tells whether its name is surely on disk, too
 * @throws when the old text still counts
 */
export async function replaceDurably(
  path: string,
  text: string,
  syncFolder = syncDirectory,
): Promise<{ isDurable: boolean }> {
  const temporary = temporaryOf(path);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return {
    isDurable: await syncFolder(dirname(path)).then(
      () => true,
      () => false,
    ),
  };
}

/** Removes what a crash left between writing and renaming: it never counted. */
export const removeLeftover = (path: string): Promise<void> => rm(temporaryOf(path), { force: true });

/** Makes names in a folder durable. */
export async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Creates a folder and its missing parents, and syncs their parent folders. */
export async function createFolder(path: string): Promise<void> {
  const firstCreated = await mkdir(path, { recursive: true });
  if (firstCreated === undefined) return;
  for (let created = resolve(path); ; created = dirname(created)) {
    await syncDirectory(dirname(created));
    if (created === resolve(firstCreated)) return;
  }
}
