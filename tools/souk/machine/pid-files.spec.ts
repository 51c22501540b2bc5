import { processMark } from '@souk/process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryHome } from '../test/temporary-home';
import { removePidFile, runningProcesses, writePidFile } from './pid-files';

test('a recorded process is found as long as it is running', async () => {
  const { run } = temporaryHome();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid!;
  writePidFile(run, 'one', pid);
  expect(runningProcesses(run)).toEqual([{ name: 'one', pid, mark: processMark(pid) }]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(processMark(pid)).toBeUndefined();
  expect(runningProcesses(run)).toEqual([]);
});

test('a pid that now belongs to another process is not mistaken for the recorded one', () => {
  const { run } = temporaryHome();
  writePidFile(run, 'one', process.pid);
  writeFileSync(join(run, 'one.identity'), `${process.pid} ${processMark(process.pid)}0\n`);
  writeFileSync(join(run, 'two.identity'), 'half of a');
  expect(runningProcesses(run)).toEqual([]);
});

test('a process whose record was removed is not found', () => {
  const { run } = temporaryHome();
  writePidFile(run, 'one', process.pid);
  removePidFile(run, 'one');
  expect(runningProcesses(run)).toEqual([]);
});
