import { eventually } from '@souk/testing';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, type Home } from '../machine/paths';
import { temporaryHome } from '../test/temporary-home';

const MINUTE_MS = 60_000;

let home: Home;
let parent: ChildProcess;
beforeEach(() => {
  home = temporaryHome();
  parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
});
afterEach(async () => {
  parent.kill('SIGKILL');
  await souk('engines', 'down').catch(() => undefined);
});

const souk = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'tools/souk.mjs'), ...args, '--home', home.folder]);

test(
  'a private system outlives a stop, and is removed when its parent ends',
  async () => {
    const up = ['engines', 'up', '--parent', String(parent.pid)];
    await souk(...up);
    await souk('stop');
    expect([home.envFile, home.data].map(existsSync)).toEqual([true, true]);
    await souk(...up);
    parent.kill('SIGKILL');
    await eventually(() => expect([home.envFile, home.data].map(existsSync)).toEqual([false, false]), 30_000);
  },
  3 * MINUTE_MS,
);
