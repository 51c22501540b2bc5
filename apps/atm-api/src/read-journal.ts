import { cursorAfter, pageStart } from '@souk/contracts';
import { exactJson, type JsonText } from '@souk/http';
import { presentEntry } from './answers';
import type { MachineStore } from './store/machine-store';

/** @returns a page of the journal, newest first; nothing if `after` isn't a valid cursor */
export async function readJournal(
  store: MachineStore,
  machineId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<JsonText | undefined> {
  const before = pageStart(after);
  if (before === undefined) return undefined;
  const entries = await store.readJournal(machineId, { before, limit });
  const last = entries.at(-1);
  // The first entry has sequence 1.
  const next = last && last.sequence > 1 ? cursorAfter(last.sequence) : null;
  return exactJson({ items: entries.map(presentEntry), next });
}
