import { exactJson, type JsonText } from '@souk/http';
import { presentEntry } from './answers';
import type { MachineStore } from './store/machine-store';

const SEQUENCE = /^[1-9]\d{0,15}$/;

/** @returns a page of the journal, newest first; nothing if `after` isn't a valid cursor */
export async function readJournal(
  store: MachineStore,
  machineId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<JsonText | undefined> {
  if (after !== undefined && !SEQUENCE.test(after)) return undefined;
  const before = after === undefined ? Infinity : Number(after);
  const entries = await store.readJournal(machineId, { before, limit });
  const last = entries.at(-1);
  // The first entry has sequence 1.
  const next = last && last.sequence > 1 ? String(last.sequence) : null;
  return exactJson({ items: entries.map(presentEntry), next });
}
