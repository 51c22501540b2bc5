import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Change } from '../machine/decide-batch';
import { NO_STATE } from '../machine/machine-state';
import { createFileStore } from './file-store';
import { openMachineFile } from './machine-file';

const change = (version: number): Change => ({
  expectedVersion: version,
  state: { ...NO_STATE, version: version + 1, sequence: version + 1, counts: { '5': version + 1 } },
  entries: [
    {
      sequence: version + 1,
      type: 'refill',
      status: null,
      id: `r-${version}`,
      amount: '5.00',
      accountId: null,
      pieces: { '5': 1 },
      change: { '5': 1 },
      key: null,
      actor: 'test',
      createdAt: '2026-01-31T12:00:00.000Z',
    },
  ],
  outcomes: new Map(),
});

let folder: string;
let syncSpy: jest.SpyInstance<Promise<void>, []>;
/** The inode and size of each synced file, in order. */
let synced: { ino: number; size: number }[];
/** Whether the sync of a file fails. */
let syncFails: (file: { ino: number }) => boolean;

const fileOf = (name: string) => join(folder, name);
const inodeOf = (path: string) => statSync(path).ino;
const expectedSync = (path: string) => {
  const { ino, size } = statSync(path);
  return { ino, ...(path === folder ? {} : { size }) };
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atm-'));
  synced = [];
  syncFails = () => false;
  const handle = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  // Without a power failure the kernel keeps even unsynced writes, so a test can only observe the calls.
  const original = Reflect.get(prototype, 'sync');
  syncSpy = jest.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    const { ino, size } = await this.stat();
    if (syncFails({ ino })) throw new Error('an I/O error');
    await original.call(this);
    synced.push({ ino, size });
  });
});
afterEach(() => {
  syncSpy.mockRestore();
  rmSync(folder, { recursive: true });
});

test('a write resolves only after the complete journal, then the state, then the folder have been synced', async () => {
  const file = await openMachineFile(folder, 'main');
  for (const version of [0, 1]) {
    expect(await file.write(change(version))).toBe('written');
    const expected = ['main.journal', 'main.json', '.'].map((name) => expectedSync(fileOf(name)));
    expect(synced.slice(-3)).toMatchObject(expected);
  }
  await file.close();
});

test.each(['main.journal', 'main.json'])('a write changes nothing if syncing %s fails', async (name) => {
  const file = await openMachineFile(folder, 'main');
  await file.write(change(0));
  const inodes = ['main.journal', 'main.json', '.'].map((name) => inodeOf(fileOf(name)));
  // The new state is in a new file until it replaces the old one.
  syncFails = ({ ino }) => (name === 'main.journal' ? ino === inodes[0] : !inodes.includes(ino));
  const before = await readFile(fileOf('main.json'), 'utf8');
  await expect(file.write(change(1))).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await readFile(fileOf('main.json'), 'utf8')).toBe(before);
  expect((await file.read([])).state?.version).toBe(1);
  syncFails = () => false;
  expect(await file.write(change(1))).toBe('written');
  await file.close();
});

test('the outcome of a write is unknown if syncing the folder fails', async () => {
  const file = await openMachineFile(folder, 'main');
  await file.write(change(0));
  syncFails = ({ ino }) => ino === inodeOf(folder);
  await expect(file.write(change(1))).rejects.toMatchObject({ kind: 'timeout' });
  await file.close();
});

test('created folders are synced before the store is open', async () => {
  const nested = fileOf('a/b/c');
  const store = createFileStore(nested, ['main']);
  await store.open();
  const inodes = synced.map(({ ino }) => ino);
  for (const path of [nested, dirname(nested), dirname(dirname(nested))])
    expect(inodes).toContain(inodeOf(dirname(path)));
  await store.close();
});
