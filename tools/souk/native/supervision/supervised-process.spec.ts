import { eventually } from '@souk/testing';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryHome } from '../../test/temporary-home';
import { withVersion } from './process-spec';
import { restartDelayMs, superviseProcess } from './supervised-process';

beforeEach(() => void jest.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

function superviseNode(script: string, command = process.execPath) {
  const home = temporaryHome();
  const spec = {
    name: 'one',
    kind: 'app' as const,
    command,
    args: ['-e', script],
    env: {},
    cwd: '/',
    listens: [],
    checkHealth: () => Promise.resolve({ isHealthy: true, detail: '' }),
  };
  const supervised = superviseProcess(home, withVersion(spec, []));
  return { home, supervised, recordedPid: () => Number(readFileSync(join(home.run, 'one.pid'), 'utf8')) };
}

test('the delay before a restart doubles from 0.1 s up to 10 s', () => {
  const delays = Array.from({ length: 9 }, (_, failures) => restartDelayMs(failures));
  expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  expect(restartDelayMs(5000)).toBe(10_000);
});

test('a killed process restarts with a new pid, and a stopped one stays stopped', async () => {
  const { home, supervised, recordedPid } = superviseNode('setInterval(() => {}, 1000)');
  supervised.start();
  await eventually(() => expect(supervised.status().state).toBe('running'));
  const first = recordedPid();
  process.kill(first, 'SIGKILL');
  await eventually(() => {
    expect(supervised.status()).toMatchObject({ state: 'running', restarts: 1, lastExit: 'killed by SIGKILL' });
    expect(recordedPid()).not.toBe(first);
  });
  await supervised.stop();
  expect(supervised.status()).toMatchObject({ pid: undefined, state: 'stopped', restarts: 1 });
  expect(existsSync(join(home.run, 'one.pid'))).toBe(false);
});

test('a process that keeps failing restarts at growing intervals, and can be stopped between two starts', async () => {
  const { home, supervised } = superviseNode('process.exit(3)');
  supervised.start();
  await eventually(() =>
    expect(supervised.status()).toMatchObject({ restarts: 3, state: 'restarting', lastExit: 'exited with code 3' }),
  );
  await supervised.stop();
  const log = readFileSync(join(home.logs, 'one.log'), 'utf8');
  expect([...log.matchAll(/next start in (\d+) ms/g)].map(([, delay]) => delay)).toEqual(['100', '200', '400']);
  // Longer than the delay that was cut short.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(supervised.status()).toMatchObject({ restarts: 3, state: 'stopped' });
});

test('a program that does not exist is restarted like any failing process', async () => {
  const { supervised } = superviseNode('', '/does/not/exist');
  supervised.start();
  await eventually(() => expect(supervised.status().restarts).toBe(2));
  expect(supervised.status()).toMatchObject({ pid: undefined, state: 'restarting' });
  expect(supervised.status().lastExit).toContain('ENOENT');
  await supervised.stop();
});
