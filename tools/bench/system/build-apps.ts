import { execFileSync } from 'node:child_process';
import { ROOT } from '../../souk/machine/paths';

export function buildApps(): void {
  console.log('Building the apps');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}
