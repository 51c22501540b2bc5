import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all of the bytes. One call may write fewer: on a disk that is nearly full, or when a signal comes in between.
 * @throws when not all are written
 */
export async function writeWhole(file: Pick<FileHandle, 'write'>, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    if (bytesWritten === 0) throw new Error(`only ${done} of ${bytes.length} bytes could be written`);
    done += bytesWritten;
  }
}

/**
 * @returns as many bytes as are asked for
 * @throws when the file ends before
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
