// @ts-check
/*
 * Builds libs/client as the package @souk/client: ES modules, CommonJS and types, ready for `npm pack`.
 *
 *   node tools/build-client.mjs [FOLDER]      default: dist/libs/client
 */
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname ?? '.', '..');
const SOURCE = join(ROOT, 'libs/client');
const OUTPUT = resolve(process.argv[2] ?? join(ROOT, 'dist/libs/client'));

rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
copyFileSync(join(SOURCE, 'package.json'), join(OUTPUT, 'package.json'));
copyFileSync(join(SOURCE, 'README.md'), join(OUTPUT, 'README.md'));
copyFileSync(join(ROOT, 'LICENSE'), join(OUTPUT, 'LICENSE'));

const types = join(OUTPUT, 'types');
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(SOURCE, 'tsconfig.build.json'), '--outDir', types], {
  stdio: 'inherit',
});

/** Node.js needs full file names in imports. @param {string} text */
const withExtensions = (text) => text.replace(/(from\s+|import\()(['"])(\.{1,2}\/[^'"]+)\2/g, '$1$2$3.js$2');

for (const [folder, format] of /** @type {const} */ ([
  ['esm', 'esm'],
  ['cjs', 'cjs'],
])) {
  buildSync({
    entryPoints: [join(SOURCE, 'src/index.ts')],
    outfile: join(OUTPUT, folder, 'index.js'),
    bundle: true,
    format,
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
  });
  const kind = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(OUTPUT, folder, 'package.json'), `${JSON.stringify({ type: kind })}\n`);
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const target = join(OUTPUT, folder, file);
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, withExtensions(readFileSync(join(types, file), 'utf8')));
  }
}
rmSync(types, { recursive: true });
