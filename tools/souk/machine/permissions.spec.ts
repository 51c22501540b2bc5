import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, makeReadable, makeTraversable } from './permissions';
import { writeFileAtomically } from './write-file';

let folder: string;
let umask: number;
beforeEach(() => {
  umask = process.umask(0o077);
  folder = mkdtempSync(join(tmpdir(), 'modes-'));
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true });
});

const modeOf = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8);

test('folders and files get the requested modes whatever the umask', () => {
  makeFolder(join(folder, 'a/b'), 0o711);
  writeFileAtomically(join(folder, 'open'), '');
  writeFileAtomically(join(folder, 'secret'), '', { mode: 0o600 });
  expect(['a', 'a/b', 'open', 'secret'].map(modeOf)).toEqual(['711', '711', '644', '600']);
});

test('an existing folder keeps its mode until it is opened for others', () => {
  mkdirSync(join(folder, 'mine'), { mode: 0o700 });
  makeFolder(join(folder, 'mine'), 0o755);
  expect(modeOf('mine')).toBe('700');
  makeTraversable(join(folder, 'mine'));
  expect(modeOf('mine')).toBe('711');
});

test("files that containers mount are readable by the containers' users, and programs executable", () => {
  mkdirSync(join(folder, 'deploy/sub'), { recursive: true });
  writeFileAtomically(join(folder, 'deploy/sub/file'), '', { mode: 0o600 });
  writeFileAtomically(join(folder, 'deploy/program'), '', { mode: 0o700 });
  makeReadable(join(folder, 'deploy'));
  expect(['deploy', 'deploy/sub', 'deploy/sub/file', 'deploy/program'].map(modeOf)).toEqual([
    ...['755', '755', '644', '755'],
  ]);
});
