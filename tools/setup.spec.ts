import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './souk/machine/paths';

let clone: string;

/** A clone whose program only prints its arguments, on a machine with or without Docker and Compose. npm counts its calls. */
function makeClone({ hasDocker, dockerExit = 0 }: { hasDocker: boolean; dockerExit?: number }) {
  clone = mkdtempSync(join(tmpdir(), 'souk-setup-'));
  for (const folder of ['tools', '.souk', 'bin', 'node_modules']) mkdirSync(join(clone, folder));
  for (const file of ['setup.sh', 'tools/install-packages']) copyFileSync(join(ROOT, file), join(clone, file));
  const program = `const [mode, ...args] = process.argv.slice(2);
    console.log(mode, ...args);
    process.exit(mode === '--docker' ? ${dockerExit} : 0);`;
  writeFileSync(join(clone, 'tools/souk.mjs'), program);
  for (const file of ['package-lock.json', 'node_modules/.souk-package-lock.json'])
    writeFileSync(join(clone, file), '{}');
  symlinkSync(process.execPath, join(clone, 'bin/node'));
  for (const [name, script] of Object.entries({ npm: 'echo "$@" >> npm-calls', docker: `exit ${hasDocker ? 0 : 1}` }))
    writeFileSync(join(clone, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function setup(args: string[] = [], env: Record<string, string> = {}): string {
  const PATH = `${join(clone, 'bin')}:/usr/bin:/bin`;
  const stdio = ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'];
  return execFileSync(join(clone, 'setup.sh'), args, { env: { PATH, ...env }, encoding: 'utf8', stdio }).trim();
}

afterEach(() => rmSync(clone, { recursive: true }));

test('Souk runs in containers if a Docker engine is available, otherwise on the machine itself', () => {
  makeClone({ hasDocker: true });
  expect(setup(['status', '--json'])).toBe('--docker status --json');
  rmSync(clone, { recursive: true });
  makeClone({ hasDocker: false });
  expect(setup(['status', '--json'])).toBe('--native status --json');
});

test('the user can choose the mode; an option overrides the environment', () => {
  makeClone({ hasDocker: true });
  expect(setup(['--native'])).toBe('--native');
  expect(setup([], { SOUK_MODE: 'native' })).toBe('--native');
  expect(setup(['--docker', 'stop'], { SOUK_MODE: 'native' })).toBe('--docker stop');
  expect(() => setup([], { SOUK_MODE: 'cloud' })).toThrow();
});

test('later commands use the mode that Souk was brought up in', () => {
  makeClone({ hasDocker: true });
  expect(setup(['up', '--native'])).toBe('--native up');
  expect(setup(['logs', '-f'])).toBe('--native logs -f');
  expect(setup(['--docker'])).toBe('--docker');
  expect(setup(['stop'])).toBe('--docker stop');
});

test('a private system leaves the mode of later commands unchanged', () => {
  makeClone({ hasDocker: true });
  setup(['up', '--native']);
  expect(setup(['--docker', 'up', '--home', 'mine'])).toBe('--docker up --home mine');
  expect(setup(['status'])).toBe('--native status');
});

test("if the images can't be pulled, Souk continues without containers, unless the user chose containers", () => {
  makeClone({ hasDocker: true, dockerExit: 3 });
  expect(setup()).toBe('--docker\n--native');
  expect(setup(['status'])).toBe('--native status');
  expect(() => setup(['--docker'])).toThrow();
  rmSync(clone, { recursive: true });
  makeClone({ hasDocker: true, dockerExit: 1 });
  expect(() => setup()).toThrow();
});

test('a version of Node.js older than recommended causes a warning only when Souk starts on the machine itself', () => {
  makeClone({ hasDocker: false });
  const warningOf = (version: string, ...args: string[]) => {
    rmSync(join(clone, 'bin/node'));
    const script = `#!/bin/sh\n[ "$1" = -p ] && echo ${version} && exit\nexec "${process.execPath}" "$@"\n`;
    writeFileSync(join(clone, 'bin/node'), script, { mode: 0o755 });
    const PATH = `${join(clone, 'bin')}:/usr/bin:/bin`;
    return spawnSync(join(clone, 'setup.sh'), args, { env: { PATH }, encoding: 'utf8' }).stderr;
  };
  expect(warningOf('20.20.2')).toMatch(/^This is Node\.js 20\.20\.2\. Node\.js 24 is recommended/);
  expect(warningOf('22.1.0', 'up')).toMatch(/Node\.js 24 is recommended/);
  expect(warningOf('24.0.0')).toBe('');
  expect(warningOf('20.20.2', 'status')).toBe('');
  expect(warningOf('20.20.2', '--docker')).toBe('');
});

test('the npm packages are installed when the lock file has changed, and only then', () => {
  makeClone({ hasDocker: false });
  const npmCalls = () => readFileSync(join(clone, 'npm-calls'), 'utf8').trim().split('\n');
  setup(['status']);
  expect(npmCalls).toThrow('ENOENT');
  writeFileSync(join(clone, 'package-lock.json'), '{ "changed": true }');
  setup(['status']);
  setup(['status']);
  expect(npmCalls()).toEqual(['ci --ignore-scripts --no-audit --no-fund']);
});

test('if the npm packages cannot be installed, nothing starts, and the end of the log is shown', () => {
  makeClone({ hasDocker: false });
  writeFileSync(join(clone, 'package-lock.json'), '{ "changed": true }');
  writeFileSync(join(clone, 'bin/npm'), '#!/bin/sh\necho "registry down" >&2\nexit 7\n');
  const { status, stdout, stderr } = spawnSync(join(clone, 'setup.sh'), {
    ...{ env: { PATH: `${join(clone, 'bin')}:/usr/bin:/bin` }, encoding: 'utf8' },
  });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/failed \(exit 7\)\. The end of the log:\n\n {2}registry down\nThe whole log: /);
});

test('--help works without npm packages', () => {
  makeClone({ hasDocker: false });
  mkdirSync(join(clone, 'tools/souk'));
  writeFileSync(join(clone, 'tools/souk/help.txt'), 'Usage\n');
  rmSync(join(clone, 'tools/install-packages'));
  expect(setup(['--help'])).toBe('Usage');
});
