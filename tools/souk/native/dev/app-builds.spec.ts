import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../machine/paths';
import { APP_NAMES } from '../../settings/apps';
import { createAppBuilds, type AppBuilds } from './app-builds';
import { buildOptionsOf } from './build-options';

const APPS = ['cart', 'wallet', 'lonely'];

/** A repository of three apps; the first two contain the lib `money`. */
let root: string;
let builds: AppBuilds;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'souk-builds-'));
  writeSource('nx.json', readFileSync(join(ROOT, 'nx.json'), 'utf8'));
  writeSource('tsconfig.json', JSON.stringify({ compilerOptions: { paths: { '@souk/money': ['./libs/money.ts'] } } }));
  writeSource('libs/money.ts', "export const currency = 'USD';");
  for (const app of APPS) {
    const options = { main: `apps/${app}/main.ts`, outputPath: `dist/apps/${app}`, outputFileName: 'main.js' };
    const build = { executor: '@nx/esbuild:esbuild', options: { ...options, tsConfig: 'tsconfig.json' } };
    writeSource(`apps/${app}/project.json`, JSON.stringify({ targets: { build } }));
    writeSource(`apps/${app}/main.ts`, "import { currency } from '@souk/money';\nconsole.log(currency);");
  }
  writeSource('apps/lonely/main.ts', "console.log('alone');");
  builds = await createAppBuilds(root, APPS);
  await builds.rebuild();
});
afterEach(async () => {
  await builds.dispose();
  rmSync(root, { recursive: true });
});

function writeSource(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const outputOf = (app: string) => readFileSync(join(root, 'dist/apps', app, 'main.js'), 'utf8');

test('a change in an app changes that app and no other', async () => {
  writeSource('apps/cart/main.ts', "console.log('changed');");
  expect(await builds.rebuild()).toEqual({ changed: ['cart'], failed: [] });
  expect(outputOf('cart')).toContain('changed');
});

test('a change in a lib changes the apps whose bundles contain it', async () => {
  writeSource('libs/money.ts', "export const currency = 'EUR';");
  expect(await builds.rebuild()).toEqual({ changed: ['cart', 'wallet'], failed: [] });
  expect([outputOf('cart'), outputOf('wallet')]).toEqual(Array(2).fill(expect.stringContaining('EUR')));
});

test('sources that did not change, or were saved without changes, change no app', async () => {
  expect(await builds.rebuild()).toEqual({ changed: [], failed: [] });
  writeSource('apps/lonely/main.ts', "console.log('alone');");
  expect(await builds.rebuild()).toEqual({ changed: [], failed: [] });
});

test("an error names the file and the line, leaves the last output in place, and doesn't hold up other apps", async () => {
  const lastOutput = outputOf('cart');
  writeSource('apps/cart/main.ts', 'console.log(1);\nlet total = ;');
  writeSource('apps/lonely/main.ts', "console.log('changed');");
  const { changed, failed } = await builds.rebuild();
  expect(changed).toEqual(['lonely']);
  expect(failed).toMatchObject([
    { app: 'cart', errors: [{ text: 'Unexpected ";"', location: { file: 'apps/cart/main.ts', line: 2 } }] },
  ]);
  expect(outputOf('cart')).toBe(lastOutput);
  writeSource('apps/cart/main.ts', "console.log('corrected');");
  expect(await builds.rebuild()).toEqual({ changed: ['cart'], failed: [] });
});

test('apps are built with all options that Nx builds them with', () => {
  const { targetDefaults } = JSON.parse(readFileSync(join(ROOT, 'nx.json'), 'utf8')) as {
    targetDefaults: Record<string, { options: object }>;
  };
  // An option that is new here may have to be passed on in build-options.ts.
  expect(targetDefaults['@nx/esbuild:esbuild']?.options).toEqual({
    ...{ platform: 'node', target: 'node20', format: ['cjs'], bundle: true, sourcemap: true, thirdParty: false },
    ...{ esbuildOptions: { outExtension: { '.js': '.js' } }, skipTypeCheck: true },
    ...{ generatePackageJson: false, deleteOutputPath: true },
  });
  for (const app of APP_NAMES)
    expect(buildOptionsOf(ROOT, app)).toEqual({
      ...{ absWorkingDir: ROOT, entryPoints: [`apps/${app}/src/main.ts`], outfile: `dist/apps/${app}/main.js` },
      ...{ tsconfig: join(ROOT, `apps/${app}/tsconfig.json`), packages: 'external' },
      ...{ platform: 'node', target: 'node20', format: 'cjs', bundle: true, sourcemap: true },
    });
});
