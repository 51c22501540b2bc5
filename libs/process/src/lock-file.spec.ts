import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from './lock-file';
import { processMark } from './process-mark';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

function takeLock() {
  const attempt = tryLock(file);
  if (!attempt.isTaken) throw new Error(`held by ${JSON.stringify(attempt.holder)}`);
  return attempt;
}

const writeLock = (holder: object) => writeFileSync(file, JSON.stringify({ host: hostname(), ...holder }));

test('a lock cannot be taken again until it is released, even by the same process', () => {
  const { release } = takeLock();
  expect(tryLock(file)).toEqual({
    isTaken: false,
    holder: { host: hostname(), pid: process.pid, mark: processMark(process.pid) },
  });
  release();
  expect(existsSync(file)).toBe(false);
  takeLock().release();
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a running process is respected, and taken over once that process is dead', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const pid = other.pid!;
  writeLock({ pid, mark: processMark(pid) });
  expect(tryLock(file)).toMatchObject({ isTaken: false, holder: { pid } });
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(processMark(pid)).toBeUndefined();
  takeLock().release();
});

test('a lock is taken over if the pid of its holder now belongs to another process', () => {
  writeLock({ pid: process.pid, mark: 'another start' });
  takeLock().release();
});

test('a lock file with invalid content is taken over', () => {
  writeFileSync(file, '123 half');
  takeLock().release();
});

test('the lock of a process on another host is respected', () => {
  writeLock({ host: 'elsewhere', pid: 1, mark: 'x' });
  expect(tryLock(file)).toMatchObject({ isTaken: false, holder: { host: 'elsewhere', pid: 1 } });
});
