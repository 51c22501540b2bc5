import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all of the bytes. A single call may write fewer if the disk is nearly full or a signal interrupts it.
 * @throws if not all bytes are written
 */
export async function writeWhole(file: Pick<FileHandle, 'write'>, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    if (bytesWritten === 0) throw new Error(`only ${done} of ${bytes.length} bytes could be written`);
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
