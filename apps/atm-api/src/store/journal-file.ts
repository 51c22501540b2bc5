import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Change } from '../machine/decide-batch';
import type { JournalEntry, StoredOutcome } from '../machine/machine-state';
import { readFully, writeFully } from './durable-file';

/** One line of the file. */
type Line = { entry: JournalEntry } | { outcome: StoredOutcome | null; id: string };

/** Entries and outcomes in the order in which they were written, one per line, append-only. The machine's state file stores its valid length. */
export interface JournalFile {
  /** The valid length of the file, in bytes. */
  validBytes(): number;
  outcomes: Map<string, StoredOutcome>;
  /** Writes a change after the valid part and makes it durable. It takes effect when `accept` is called. */
  append(change: Change): Promise<{ validBytes: number; accept(): void }>;
  read(page: { before: number; limit: number }): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

/**
 * Opens the journal of a machine and truncates whatever a crash left after the valid part.
 * @throws Error if the file is shorter than the valid length
 */
export async function openJournal(path: string, validBytes: number): Promise<JournalFile> {
  const file = await open(path, 'a+', 0o600).then(async (appendHandle) => {
    await appendHandle.close(); // in append mode, positions would be ignored
    return open(path, 'r+');
  });
  const { size } = await file.stat();
  if (size < validBytes)
    throw new Error(`${path} has ${size} bytes but should have at least ${validBytes}: it was truncated or replaced`);
  if (size > validBytes) await file.truncate(validBytes);

  let currentBytes = validBytes;
  const outcomes = new Map<string, StoredOutcome>();
  /** The byte range of each entry; index 0 has sequence 1. */
  const spans: [start: number, end: number][] = [];
  await replayLines(path, currentBytes, (line, span) => {
    if ('entry' in line) spans.push(span);
    else setOrDelete(outcomes, line.id, line.outcome);
  });

  return {
    validBytes: () => currentBytes,
    outcomes,
    append: async ({ entries, outcomes: changedOutcomes }) => {
      const lines: Line[] = [
        ...entries.map((entry) => ({ entry })),
        ...[...changedOutcomes].map(([id, outcome]) => ({ id, outcome })),
      ];
      const texts = lines.map((line) => Buffer.from(`${JSON.stringify(line)}\n`));
      const start = currentBytes;
      const end = start + (await appendDurably(file, texts, start));
      return {
        validBytes: end,
        accept: () => {
          let offset = start;
          for (const text of texts.slice(0, entries.length)) spans.push([offset, (offset += text.length)]);
          for (const [id, outcome] of changedOutcomes) setOrDelete(outcomes, id, outcome);
          currentBytes = end;
        },
      };
    },
    read: async ({ before, limit }) => {
      const last = Math.min(before - 1, spans.length);
      const first = Math.max(1, last - limit + 1);
      if (last < first) return [];
      const page = spans.slice(first - 1, last);
      const [from, to] = [page[0]![0], page.at(-1)![1]];
      const buffer = await readFully(file, to - from, from);
      return page
        .map(
          ([start, end]) =>
            (JSON.parse(buffer.toString('utf8', start - from, end - from)) as { entry: JournalEntry }).entry,
        )
        .reverse();
    },
    close: () => file.close(),
  };
}

async function appendDurably(file: FileHandle, texts: readonly Buffer[], offset: number): Promise<number> {
  const text = Buffer.concat(texts);
  // Cuts off what a failed append may have left.
  await file.truncate(offset);
  await writeFully(file, text, offset);
  await file.sync();
  return text.length;
}

async function replayLines(
  path: string,
  bytes: number,
  onLine: (line: Line, span: [start: number, end: number]) => void,
): Promise<void> {
  if (bytes === 0) return;
  let offset = 0;
  for await (const text of createInterface({
    input: createReadStream(path, { end: bytes - 1 }),
    crlfDelay: Infinity,
  })) {
    const end = offset + Buffer.byteLength(text) + 1;
    onLine(JSON.parse(text) as Line, [offset, end]);
    offset = end;
  }
}

function setOrDelete(outcomes: Map<string, StoredOutcome>, id: string, outcome: StoredOutcome | null): void {
  if (outcome) outcomes.set(id, outcome);
  else outcomes.delete(id);
}
