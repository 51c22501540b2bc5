import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../../souk/machine/paths';
import type { Results } from './results';
import { renderCharts } from './charts';
import { renderPage } from './page';

const FOLDER = join(ROOT, 'docs/benchmarks');

/** Writes the page, its images and `results.json` in the format that lint requires. */
export async function writeReport(results: Results): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const files = { 'README.md': renderPage(results), 'results.json': JSON.stringify(results, undefined, 2) };
  for (const [name, content] of Object.entries(files)) {
    const filepath = join(FOLDER, name);
    writeFileSync(filepath, await format(content, { ...(await resolveConfig(filepath)), filepath }));
  }
  for (const [name, image] of Object.entries(renderCharts(results.cases))) writeFileSync(join(FOLDER, name), image);
}
