import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFully, writeFully } from './durable-file';

const TEXT = Buffer.from('some test content');
let folder: string;
let file: FileHandle;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'durable-'));
  file = await open(join(folder, 'file'), 'w+');
});
afterEach(async () => {
  await file.close();
  rmSync(folder, { recursive: true });
});

/** A file whose calls transfer at most three bytes each, and nothing beyond `end`. */
const fileWithShortTransfers = (end: number) => {
  const lengthOf = (length: number, position: number) => Math.min(3, length, Math.max(0, end - position));
  const write = (bytes: Buffer, bufferOffset: number, length: number, position: number) =>
    file.write(bytes, bufferOffset, lengthOf(length, position), position);
  const read = (bytes: Buffer, bufferOffset: number, length: number, position: number) =>
    file.read(bytes, bufferOffset, lengthOf(length, position), position);
  return { write, read } as unknown as FileHandle;
};

test('partial writes and reads continue until complete', async () => {
  await writeFully(fileWithShortTransfers(100), TEXT, 2);
  expect((await readFully(fileWithShortTransfers(100), TEXT.length, 2)).toString()).toBe(TEXT.toString());
});

test('a write that does not fit fails, and so does a read past the end of the file', async () => {
  await expect(writeFully(fileWithShortTransfers(10), TEXT, 0)).rejects.toThrow('only 10 of 17 bytes');
  await expect(readFully(file, TEXT.length, 0)).rejects.toThrow('the file is 7 bytes shorter than expected');
});
