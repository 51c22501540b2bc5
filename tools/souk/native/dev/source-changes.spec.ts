import { eventually } from '@souk/testing';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchSources, type SourceChanges } from './source-changes';

let root: string;
let changes: SourceChanges;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'souk-sources-'));
  mkdirSync(join(root, 'app'));
  writeFileSync(join(root, 'app/main.ts'), '');
  changes = watchSources([root]);
});
afterEach(() => {
  changes.close();
  rmSync(root, { recursive: true });
});

const expectChange = () => eventually(() => expect(changes.take()).toEqual(expect.any(Number)));

test('a change in a subfolder is noticed once', async () => {
  expect(changes.take()).toBeUndefined();
  writeFileSync(join(root, 'app/main.ts'), 'changed');
  writeFileSync(join(root, 'app/main.ts'), 'changed again');
  await expectChange();
  expect(changes.take()).toBeUndefined();
});

test('a file that an editor replaces is noticed each time', async () => {
  for (const text of ['first', 'second', 'third']) {
    writeFileSync(join(root, 'app/main.ts.new'), text);
    renameSync(join(root, 'app/main.ts.new'), join(root, 'app/main.ts'));
    await expectChange();
  }
});

test('files in a new folder are noticed, even after the folder has been removed and created again', async () => {
  for (let time = 0; time < 2; time++) {
    mkdirSync(join(root, 'app/new/deep'), { recursive: true });
    await expectChange();
    writeFileSync(join(root, 'app/new/deep/file.ts'), '');
    await expectChange();
    rmSync(join(root, 'app/new'), { recursive: true });
    await expectChange();
  }
});
