import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWhole, writeWhole } from './durable-file';

const TEXT = Buffer.from('the whole of it');
let folder: string;
let file: FileHandle;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whole-'));
  file = await open(join(folder, 'file'), 'w+');
});
afterEach(async () => {
  await file.close();
  rmSync(folder, { recursive: true });
});

/** A file whose calls transfer at most three bytes each, and none beyond its end. */
const short = (end: number) => {
  const lengthOf = (length: number, at: number) => Math.min(3, length, Math.max(0, end - at));
  const write = (bytes: Buffer, from: number, length: number, at: number) =>
    file.write(bytes, from, lengthOf(length, at), at);
  const read = (bytes: Buffer, from: number, length: number, at: number) =>
    file.read(bytes, from, lengthOf(length, at), at);
  return { write, read } as unknown as FileHandle;
};

test('partial writes and reads continue until complete', async () => {
  await writeWhole(short(100), TEXT, 2);
  expect((await readWhole(short(100), TEXT.length, 2)).toString()).toBe(TEXT.toString());
});

test('a write that does not fit fails, and so does a read beyond the end', async () => {
  await expect(writeWhole(short(10), TEXT, 0)).rejects.toThrow('only 10 of 15 bytes');
  await expect(readWhole(file, TEXT.length, 0)).rejects.toThrow('5 bytes too early');
});
