import { processMark } from '@souk/process';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../machine/decide-batch';
import { NO_STATE } from '../machine/machine-state';
import { createFileStore } from './file-store';
import { openMachineFile } from './machine-file';
import type { MachineStore } from './machine-store';

let folder: string;
const openStores: MachineStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atm-'));
});
afterEach(async () => {
  for (const store of openStores.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

const open = async () => {
  const store = createFileStore(folder, ['main']);
  await store.open();
  openStores.push(store);
  return store;
};
const close = async (store: MachineStore) => {
  openStores.splice(openStores.indexOf(store), 1);
  await store.close();
};
const fileOf = (name: string) => join(folder, name);

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
const sequences = async (store: MachineStore) =>
  (await store.readJournal('main', { before: Infinity, limit: 100 })).map(({ sequence }) => sequence);

test('leftovers of a crash before the rename are ignored: the old state and its journal stay in effect', async () => {
  const store = await open();
  await store.write('main', change(0));
  await close(store);
  const journal = readFileSync(fileOf('main.journal'), 'utf8');
  // A complete entry and half of another, both durable, and a part of their new state, not renamed yet.
  appendFileSync(fileOf('main.journal'), `${journal}{"entry":{"sequ`);
  writeFileSync(fileOf('main.json.new'), '{"state":{"version":9');
  const reopened = await open();
  expect((await reopened.read('main', [])).state?.version).toBe(1);
  expect(await sequences(reopened)).toEqual([1]);
  expect(readFileSync(fileOf('main.journal'), 'utf8')).toBe(journal);
  expect(existsSync(fileOf('main.json.new'))).toBe(false);
  expect(await reopened.write('main', change(1))).toBe('written');
  expect(await sequences(reopened)).toEqual([2, 1]);
});

test('a failed write has no effect, and the next one succeeds', async () => {
  const store = await open();
  await store.write('main', change(0));
  const movedFolder = `${folder}.away`;
  renameSync(folder, movedFolder);
  await expect(store.write('main', change(1))).rejects.toMatchObject({ kind: 'unavailable' });
  expect((await store.read('main', [])).state?.version).toBe(1);
  renameSync(movedFolder, folder);
  expect(await store.write('main', change(1))).toBe('written');
  expect(await sequences(store)).toEqual([2, 1]);
});

test('a write whose rename may not be on disk is not served until the rename is certain to be', async () => {
  let isFailing = false;
  const file = await openMachineFile(folder, 'main', () =>
    isFailing ? Promise.reject(new Error('an I/O error')) : Promise.resolve(),
  );
  const journal = () => file.readJournal({ before: Infinity, limit: 10 });
  try {
    await file.write(change(0));
    isFailing = true;
    await expect(file.write(change(1))).rejects.toMatchObject({ kind: 'timeout' });
    const laterCalls = [() => file.read([]), journal, () => file.write(change(2))];
    for (const call of laterCalls) await expect(call()).rejects.toMatchObject({ kind: 'unavailable' });
    isFailing = false;
    expect((await file.read([])).state?.version).toBe(2);
    expect(await journal()).toHaveLength(2);
    expect(await file.write(change(2))).toBe('written');
  } finally {
    await file.close();
  }
});

test('a state and a journal that do not belong together are not served', async () => {
  const store = await open();
  await store.write('main', change(0));
  await close(store);
  truncateSync(fileOf('main.journal'), 10);
  await expect(open()).rejects.toThrow('main.journal has 10 bytes');
  rmSync(fileOf('main.json'));
  await expect(open()).rejects.toThrow('to which it belongs');
});

test('a second process is refused with the pid of the first, until the first has stopped or died', async () => {
  const first = await open();
  await expect(open()).rejects.toThrow(`pid ${process.pid}`);
  await close(first);

  const otherProcess = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const exited = new Promise((resolve) => otherProcess.once('exit', resolve));
  const pid = otherProcess.pid!;
  writeFileSync(fileOf('lock'), JSON.stringify({ host: hostname(), pid, mark: processMark(pid) }));
  await expect(open()).rejects.toThrow(`another process is using the machines in this folder: pid ${pid}`);
  otherProcess.kill('SIGKILL');
  await exited;
  await close(await open());

  // Its pid now belongs to another process: this one.
  writeFileSync(fileOf('lock'), JSON.stringify({ host: hostname(), pid: process.pid, mark: 'another start' }));
  await close(await open());
  // Whether a process on another host is running can't be determined from here.
  writeFileSync(fileOf('lock'), JSON.stringify({ host: 'elsewhere', pid: 1, mark: 'x' }));
  await expect(open()).rejects.toThrow('on elsewhere');
});
