import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './machine/paths.mjs';

let clone: string;

/** A clone whose two programs only print their arguments, on a machine with or without Docker and Compose. */
function makeClone({ hasDocker, dockerExit = 0 }: { hasDocker: boolean; dockerExit?: number }) {
  clone = mkdtempSync(join(tmpdir(), 'souk-setup-'));
  copyFileSync(join(ROOT, 'setup.sh'), join(clone, 'setup.sh'));
  for (const [mode, exit] of Object.entries({ native: 0, containers: dockerExit })) {
    mkdirSync(join(clone, 'deploy', mode), { recursive: true });
    const program = `console.log('${mode}', ...process.argv.slice(2)); process.exit(${exit});`;
    writeFileSync(join(clone, 'deploy', mode, 'souk.mjs'), program);
  }
  mkdirSync(join(clone, '.souk'));
  mkdirSync(join(clone, 'bin'));
  symlinkSync(process.execPath, join(clone, 'bin/node'));
  for (const [name, exit] of Object.entries({ npm: 0, docker: hasDocker ? 0 : 1 }))
    writeFileSync(join(clone, 'bin', name), `#!/bin/sh\nexit ${exit}\n`, { mode: 0o755 });
}

function setup(args: string[] = [], env: Record<string, string> = {}): string {
  const PATH = `${join(clone, 'bin')}:/usr/bin:/bin`;
  const stdio = ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'];
  return execFileSync(join(clone, 'setup.sh'), args, { env: { PATH, ...env }, encoding: 'utf8', stdio }).trim();
}

afterEach(() => rmSync(clone, { recursive: true }));

test('Souk runs in containers if a Docker engine works, otherwise on the machine itself', () => {
  makeClone({ hasDocker: true });
  expect(setup(['status', '--json'])).toBe('containers status --json');
  rmSync(clone, { recursive: true });
  makeClone({ hasDocker: false });
  expect(setup(['status', '--json'])).toBe('native status --json');
});

test('the user can choose the mode; an option overrides the environment', () => {
  makeClone({ hasDocker: true });
  expect(setup(['--native'])).toBe('native');
  expect(setup([], { SOUK_MODE: 'native' })).toBe('native');
  expect(setup(['--docker', 'stop'], { SOUK_MODE: 'native' })).toBe('containers stop');
  expect(() => setup([], { SOUK_MODE: 'cloud' })).toThrow();
});

test('later commands use the mode that Souk was brought up in', () => {
  makeClone({ hasDocker: true });
  expect(setup(['up', '--native'])).toBe('native up');
  expect(setup(['logs', '-f'])).toBe('native logs -f');
  expect(setup(['--docker'])).toBe('containers');
  expect(setup(['stop'])).toBe('containers stop');
});

test("if the images can't be pulled, it continues without containers unless the user insists on them", () => {
  makeClone({ hasDocker: true, dockerExit: 3 });
  expect(setup()).toBe('containers\nnative');
  expect(setup(['status'])).toBe('native status');
  expect(() => setup(['--docker'])).toThrow();
  rmSync(clone, { recursive: true });
  makeClone({ hasDocker: true, dockerExit: 1 });
  expect(() => setup()).toThrow();
});

test('a Node.js older than recommended causes a warning only when Souk starts on the machine itself', () => {
  makeClone({ hasDocker: false });
  const advice = (version: string, ...args: string[]) => {
    rmSync(join(clone, 'bin/node'));
    const script = `#!/bin/sh\n[ "$1" = -p ] && echo ${version} && exit\nexec "${process.execPath}" "$@"\n`;
    writeFileSync(join(clone, 'bin/node'), script, { mode: 0o755 });
    const PATH = `${join(clone, 'bin')}:/usr/bin:/bin`;
    return spawnSync(join(clone, 'setup.sh'), args, { env: { PATH }, encoding: 'utf8' }).stderr;
  };
  expect(advice('20.20.2')).toMatch(/^This is Node\.js 20\.20\.2\. Node\.js 24 is recommended/);
  expect(advice('22.1.0', 'up')).toMatch(/Node\.js 24 is recommended/);
  expect(advice('24.0.0')).toBe('');
  expect(advice('20.20.2', 'status')).toBe('');
  expect(advice('20.20.2', '--docker')).toBe('');
});
