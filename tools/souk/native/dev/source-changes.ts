import { readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Further changes within this time belong to the same save, checkout or formatting run. */
const SETTLED_AFTER_MS = 100;

export interface SourceChanges {
  /** @returns when the first change since the last call was noticed; undefined if there was none, or while more may still follow */
  take(): number | undefined;
  close(): void;
}

/** Watches folders and everything below them. */
export function watchSources(roots: readonly string[]): SourceChanges {
  // Each folder by itself: a recursive watcher of Node.js 20 to 24 loses a file once an editor or Git has replaced it.
  const watchers = new Map<string, FSWatcher>();
  let firstAt: number | undefined;
  let lastAt = 0;

  function watchFolder(folder: string): void {
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (event, name) => {
      lastAt = Date.now();
      firstAt ??= lastAt;
      if (event === 'rename' && name !== null) renew(join(folder, name));
    });
    watcher.on('error', () => forget(folder));
    watchers.set(folder, watcher);
  }

  /** Updates the watchers after something, perhaps a folder, was created, removed or replaced. */
  function renew(path: string): void {
    forget(path);
    roots.flatMap(foldersBelow).forEach(watchFolder);
  }

  function forget(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  roots.flatMap(foldersBelow).forEach(watchFolder);
  return {
    take() {
      if (Date.now() - lastAt < SETTLED_AFTER_MS) return undefined;
      const takenAt = firstAt;
      firstAt = undefined;
      return takenAt;
    },
    close: () => [...watchers.keys()].forEach(forget),
  };
}

/** The folder itself and all those in it. */
function foldersBelow(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return [root, ...folders.map((entry) => join(entry.parentPath ?? entry.path, entry.name))];
}
