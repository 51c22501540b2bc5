// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/souk');
/** Files that change every bundle. */
const SHARED_INPUTS = ['tools/bundle.mjs', 'tsconfig.base.json', 'package-lock.json'];
/** A bundle is kept while a command could still start a process from it. */
const KEEP_MS = 24 * 60 * 60_000;

/**
 * Bundles a program, unless that has been done since one of its sources changed.
 *
 * @param {string} program relative to the repository's root
 * @returns {Promise<string>} the bundle. Its name contains a hash of its content, so that a process that runs from it is unaffected
 *   when the program is bundled again
 */
export async function bundle(program) {
  const name = basename(program).startsWith('main.') ? basename(dirname(program)) : basename(program, extname(program));
  const manifest = join(CACHE, `${name}.json`);
  const previous = readManifest(manifest);
  if (previous && existsSync(previous.file) && previous.hash === hashOfFiles(previous.inputs)) return previous.file;

  const { build } = await import('esbuild').catch(() => {
    throw new Error('The npm packages are not installed. Run: npm ci');
  });
  const { outputFiles, metafile } = await build({
    entryPoints: [join(ROOT, program)],
    absWorkingDir: ROOT,
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const content = outputFiles[0]?.text ?? '';
  const file = join(CACHE, `${name}-${hashOf(content)}.cjs`);
  const inputs = [...Object.keys(metafile.inputs), ...SHARED_INPUTS];
  mkdirSync(CACHE, { recursive: true });
  write(file, content);
  write(manifest, JSON.stringify({ file, inputs, hash: hashOfFiles(inputs) }));
  removeOldBundles(name, file);
  return file;
}

/** @param {string} file @returns {{ file: string, inputs: string[], hash: string } | undefined} */
function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string[]} paths relative to the repository's root */
function hashOfFiles(paths) {
  const files = paths.map((path) => join(ROOT, path));
  return hashOf(files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('\0'));
}

/** @param {string} text */
function hashOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Writes a file in one step: other processes may bundle the same program. @param {string} file @param {string} content */
function write(file, content) {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

/** @param {string} name @param {string} current */
function removeOldBundles(name, current) {
  for (const entry of readdirSync(CACHE)) {
    const file = join(CACHE, entry);
    if (file === current || !new RegExp(`^${name}-[0-9a-f]{12}\\.cjs$`).test(entry)) continue;
    if (Date.now() - statSync(file).mtimeMs > KEEP_MS) rmSync(file, { force: true });
  }
}
