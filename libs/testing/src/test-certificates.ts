import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { REPOSITORY } from './engines';

/** An authority of its own, and the folders of certificates that it has issued. */
export interface TestCertificates {
  /** Issues a certificate, or renews it. @returns its folder, with `ca.crt`, `tls.crt` and `tls.key` */
  issue(name: string): string;
  remove(): void;
}

export function createTestCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'souk-tls-'));
  return {
    issue: (name) => {
      execFileSync(resolve(REPOSITORY, 'deploy/tls/create-certificates'), [folder, name]);
      return join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
