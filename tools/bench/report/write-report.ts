import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../../souk/machine/paths';
import type { Results } from './results';
import { renderCharts } from './charts';
import { renderPage } from './page';

const FOLDER = join(ROOT, 'docs/benchmarks');

/** Writes a file into docs/benchmarks, in the format that lint requires. */
export async function writePage(name: string, content: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const filepath = join(FOLDER, name);
  writeFileSync(filepath, await format(content, { ...(await resolveConfig(filepath)), filepath }));
}

/** Writes the page, its images and `results.json`. */
export async function writeReport(results: Results): Promise<void> {
  await writePage('README.md', renderPage(results));
  await writePage('results.json', JSON.stringify(results, undefined, 2));
  for (const [name, image] of Object.entries(renderCharts(results.cases))) writeFileSync(join(FOLDER, name), image);
}
