import { context, type BuildContext, type BuildFailure, type Message } from 'esbuild';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomically } from '../../machine/write-file';
import { buildOptionsOf } from './build-options';

/** Incremental builds of the apps. Each keeps its parsed sources in memory. */
export interface AppBuilds {
  /** Rebuilds all apps, and writes the outputs that differ. The output of a failed build stays as it was. */
  rebuild(): Promise<RebuildResult>;
  dispose(): Promise<void>;
}

export interface RebuildResult {
  /** The apps whose output differs from the previous one. */
  changed: string[];
  /** The errors of each app that couldn't be built. */
  failed: { app: string; errors: Message[] }[];
}

/** @param root the folder of `nx.json` */
export async function createAppBuilds(root: string, apps: readonly string[]): Promise<AppBuilds> {
  // One context per app, because a build with an error writes nothing: the other apps must not have to wait until it is fixed.
  const builds = await Promise.all(
    apps.map(async (app) => ({
      app,
      build: await context({ ...buildOptionsOf(root, app), write: false, logLevel: 'silent' }),
    })),
  );
  return {
    // esbuild rereads only changed files, and comparing the outputs finds the apps that contain a changed lib.
    async rebuild() {
      const outcomes = await Promise.all(builds.map(async ({ app, build }) => ({ app, ...(await rebuildApp(build)) })));
      return {
        changed: outcomes.filter(({ isChanged }) => isChanged).map(({ app }) => app),
        failed: outcomes.filter(({ errors }) => errors.length > 0),
      };
    },
    async dispose() {
      await Promise.all(builds.map(({ build }) => build.dispose()));
    },
  };
}

async function rebuildApp(build: BuildContext<{ write: false }>): Promise<{ isChanged: boolean; errors: Message[] }> {
  try {
    const { outputFiles } = await build.rebuild();
    return { isChanged: outputFiles.filter(writeIfChanged).length > 0, errors: [] };
  } catch (error) {
    return { isChanged: false, errors: (error as BuildFailure).errors };
  }
}

/** @returns whether the content was different */
function writeIfChanged({ path, contents, text }: { path: string; contents: Uint8Array; text: string }): boolean {
  if (existsSync(path) && readFileSync(path).equals(contents)) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomically(path, text);
  return true;
}
