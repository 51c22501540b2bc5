import type { BuildOptions, Format, Platform } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The options of Nx's esbuild executor that the apps use. */
interface NxBuildOptions {
  main: string;
  outputPath: string;
  outputFileName: string;
  tsConfig: string;
  platform: Platform;
  target: string;
  format: [Format];
  bundle: boolean;
  sourcemap: boolean;
}

/**
 * What `nx build` passes to esbuild for an app, so that a rebuild yields the same files.
 * @param root the folder of `nx.json`
 */
export function buildOptionsOf(root: string, app: string): BuildOptions {
  const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const nx = readJson('nx.json') as { targetDefaults: Record<string, { options: Partial<NxBuildOptions> }> };
  const project = readJson(`apps/${app}/project.json`) as {
    targets: { build: { executor: string; options: Partial<NxBuildOptions> } };
  };
  const { executor, options } = project.targets.build;
  const { main, outputPath, outputFileName, tsConfig, platform, target, format, bundle, sourcemap } = {
    ...nx.targetDefaults[executor]?.options,
    ...options,
  } as NxBuildOptions;
  return {
    absWorkingDir: root,
    entryPoints: [main],
    outfile: join(outputPath, outputFileName),
    tsconfig: join(root, tsConfig),
    // `thirdParty: false` in nx.json.
    packages: 'external',
    format: format[0],
    ...{ platform, target, bundle, sourcemap },
  };
}
