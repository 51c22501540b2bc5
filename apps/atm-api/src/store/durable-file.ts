import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const temporaryOf = (path: string) => `${path}.new`;

/**
 * Replaces a file. Readers see either the old text or the new one, even after a crash.
 * @returns once the new text is on disk and in effect; `isDurable` tells whether the rename is certain to be on disk, too
 * @throws if the old text is still in effect
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

/** Removes the file that a crash between writing and renaming left; it never took effect. */
export const removeLeftover = (path: string): Promise<void> => rm(temporaryOf(path), { force: true });

/** Makes the names in a folder durable. */
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

/**
 * Writes all of the bytes. A single call may write fewer if the disk is nearly full or a signal interrupts it.
 * @throws if not all bytes are written
 */
export async function writeWhole(file: Pick<FileHandle, 'write'>, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    if (bytesWritten === 0) throw new Error(`only ${done} of ${bytes.length} bytes were written`);
    done += bytesWritten;
  }
}

/**
 * @returns exactly `length` bytes
 * @throws if the file ends before that
 */
export async function readWhole(file: Pick<FileHandle, 'read'>, length: number, at: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw new Error(`the file ends ${length - done} bytes too early`);
    done += bytesRead;
  }
  return bytes;
}
