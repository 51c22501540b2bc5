import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt, makeHome, type Home } from '../machine/paths';

const folders: string[] = [];
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Creates a private home for a test; it is removed after the last test. */
export function temporaryHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'souk-home-'));
  folders.push(folder);
  const home = homeAt(folder);
  makeHome(home);
  return home;
}
