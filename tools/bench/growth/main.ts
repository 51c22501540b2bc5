/* `npm run bench:growth`: measures Souk with large amounts of data. `--help` describes the options. */
import { writeFileSync } from 'node:fs';
import { buildApps } from '../system/build-apps';
import type { Child } from '../system/child';
import { withLoadGenerator } from '../system/with-load-generator';
import { compareScales } from './compare-scales';
import { explainStatements } from './explain';
import { startFilledSystem, type FilledSystem } from './filled-system';
import { HELP, parseGrowthOptions, type GrowthOptions } from './growth-options';
import { measurePurge } from './purge';

async function main(): Promise<void> {
  const options = parseGrowthOptions(process.argv.slice(2));
  if (options.isHelp) return console.log(HELP);
  buildApps();
  const filled = await startFilledSystem(options.scale, options);
  try {
    if (options.task === 'explain') await explain(filled);
    else await withLoadGenerator((loadGenerator) => measure(loadGenerator, filled, options));
  } finally {
    await filled.close();
  }
}

async function explain({ system, database, data }: FilledSystem): Promise<void> {
  const page = await explainStatements(system, database, data);
  writeFileSync('docs/performance-explains.md', page);
  console.log('Wrote docs/performance-explains.md');
}

async function measure(loadGenerator: Child, filled: FilledSystem, options: GrowthOptions): Promise<void> {
  if (options.task === 'purge') return measurePurge(loadGenerator, filled, options);
  const small = await startFilledSystem(1, { ...options, home: undefined });
  try {
    await compareScales(loadGenerator, { small, large: filled }, options);
  } finally {
    await small.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
