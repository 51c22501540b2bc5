import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt } from '../../machine/paths';
import type { Settings } from '../../settings/settings';
import { findServer, isMariaDb, mysqlSpec } from './mysql';

const { PATH } = process.env;
let folder: string;

/** Installs a fake server that only prints its version. @returns its path */
function install(name: string, version: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "${version}"\n`, { mode: 0o755 });
  return path;
}

const settingsWith = (values: Record<string, string>) => ({ values });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'souk-mysql-'));
  process.env['PATH'] = folder;
});

afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

test('SOUK_MYSQLD selects the server by name or by path; otherwise MariaDB is preferred', () => {
  const mariadb = install('mariadbd', 'mariadbd  Ver 10.11.14-MariaDB');
  const mysql = install('mysqld', 'mysqld  Ver 9.7.4');
  expect(findServer(settingsWith({}))).toBe(mariadb);
  expect(findServer(settingsWith({ SOUK_MYSQLD: 'mysqld' }))).toBe(mysql);
  expect(findServer(settingsWith({ SOUK_MYSQLD: mysql }))).toBe(mysql);
});

test('SOUK_MYSQLD must name an existing program', () => {
  const missing = join(folder, 'missing');
  expect(() => findServer(settingsWith({ SOUK_MYSQLD: missing }))).toThrow(`SOUK_MYSQLD is ${missing}`);
});

test('a server is MariaDB if its version says so, whatever its name', () => {
  expect(isMariaDb(install('mysqld', 'mysqld  Ver 11.8.3-MariaDB'))).toBe(true);
  expect(isMariaDb(install('mysqld', 'mysqld  Ver 9.7.4 for Linux'))).toBe(false);
});

test('two servers never share a folder for temporary files, because each empties its own when it starts', () => {
  install('mariadbd', 'mariadbd  Ver 10.11.14-MariaDB');
  const settings = { values: {}, passwords: {}, ports: { mysql: 3306 } } as unknown as Settings;
  const folders = ['one', 'other'].map((name) => {
    const { args } = mysqlSpec(homeAt(join(folder, name)), settings);
    return args.find((arg) => arg.startsWith('--tmpdir='));
  });
  expect(folders).toEqual(['one', 'other'].map((name) => `--tmpdir=${join(folder, name, 'data/mysql/temporary')}`));
});
