import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const temporaryPathOf = (path: string) => `${path}.new`;

/**
 * Replaces a file. Readers see either the old text or the new one, even after a crash.
 * @returns once the new text is on disk and in effect; `isDurable` tells whether the rename is certain to be on disk as well
 * @throws if the old text is still in effect
 */
export async function replaceDurably(
  path: string,
  text: string,
  syncFolder = syncDirectory,
): Promise<{ isDurable: boolean }> {
  const temporaryPath = temporaryPathOf(path);
  const file = await open(temporaryPath, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporaryPath, path);
  return {
    isDurable: await syncFolder(dirname(path)).then(
      () => true,
      () => false,
    ),
  };
}

/** Removes the temporary file of a replacement that a crash interrupted before the rename. */
export const removeLeftover = (path: string): Promise<void> => rm(temporaryPathOf(path), { force: true });

/** Syncs a folder, so that files created or renamed in it keep their names after a power failure. */
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
  for (let createdPath = resolve(path); ; createdPath = dirname(createdPath)) {
    await syncDirectory(dirname(createdPath));
    if (createdPath === resolve(firstCreated)) return;
  }
}

/**
 * Writes all of the bytes. A single `write` may write fewer if the disk is nearly full or a signal interrupts it.
 * @throws if not all bytes are written
 */
export async function writeFully(file: Pick<FileHandle, 'write'>, bytes: Buffer, position: number): Promise<void> {
  for (let doneCount = 0; doneCount < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, doneCount, bytes.length - doneCount, position + doneCount);
    if (bytesWritten === 0) throw new Error(`only ${doneCount} of ${bytes.length} bytes were written`);
    doneCount += bytesWritten;
  }
}

/**
 * @returns exactly `length` bytes
 * @throws if the file has fewer
 */
export async function readFully(file: Pick<FileHandle, 'read'>, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let doneCount = 0; doneCount < length;) {
    const { bytesRead } = await file.read(bytes, doneCount, length - doneCount, position + doneCount);
    if (bytesRead === 0) throw new Error(`the file is ${length - doneCount} bytes shorter than expected`);
    doneCount += bytesRead;
  }
  return bytes;
}
