/*
 * Builds libs/client as the package @souk/client: ES modules, CommonJS and types, ready for `npm pack`.
 *
 *   node tools/run.mjs tools/build-client.ts [FOLDER]      default: dist/libs/client
 */
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ROOT } from './souk/machine/paths';

const SOURCE = join(ROOT, 'libs/client');
const OUTPUT = resolve(process.argv[2] ?? join(ROOT, 'dist/libs/client'));
const TYPES = join(OUTPUT, 'types');
const FORMATS = { esm: 'module', cjs: 'commonjs' } as const;

/** TypeScript needs file extensions in the imports of declaration files for Node.js. */
const withExtensions = (text: string) => text.replace(/(from\s+|import\()(['"])(\.{1,2}\/[^'"]+)\2/g, '$1$2$3.js$2');

function buildFormat(format: keyof typeof FORMATS): void {
  const folder = join(OUTPUT, format);
  buildSync({
    entryPoints: [join(SOURCE, 'src/index.ts')],
    outfile: join(folder, 'index.js'),
    bundle: true,
    format,
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
  });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ type: FORMATS[format] })}\n`);
  for (const file of readdirSync(TYPES, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const target = join(folder, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, withExtensions(readFileSync(join(TYPES, file), 'utf8')));
  }
}

rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
for (const file of ['package.json', 'README.md']) copyFileSync(join(SOURCE, file), join(OUTPUT, file));
copyFileSync(join(ROOT, 'LICENSE'), join(OUTPUT, 'LICENSE'));
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(SOURCE, 'tsconfig.build.json'), '--outDir', TYPES], {
  stdio: 'inherit',
});
buildFormat('esm');
buildFormat('cjs');
rmSync(TYPES, { recursive: true });
