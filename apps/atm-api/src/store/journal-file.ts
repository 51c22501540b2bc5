import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Change } from '../machine/decide-batch';
import type { JournalEntry, StoredOutcome } from '../machine/machine-state';
import { readWhole, writeWhole } from './durable-file';

/** One line of the file. */
type Line = { entry: JournalEntry } | { outcome: StoredOutcome | null; id: string };

/** Entries and outcomes in the order they were written, one per line, append-only. Its valid length is stored elsewhere. */
export interface JournalFile {
  /** The valid length. */
  bytes(): number;
  outcomes: Map<string, StoredOutcome>;
  /** Writes a change after the valid part and makes it durable. It becomes valid with `accept`. */
  append(change: Change): Promise<{ bytes: number; accept(): void }>;
  read(page: { before: number; limit: number }): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

/**
 * Opens the journal of a machine and truncates whatever a crash left after the valid part.
 * @throws Error if the file is shorter than the valid length
 */
export async function openJournal(path: string, countedBytes: number): Promise<JournalFile> {
  const file = await open(path, 'a+', 0o600).then(async (created) => {
    await created.close(); // append mode would ignore positions
    return open(path, 'r+');
  });
  const { size } = await file.stat();
  if (size < countedBytes) throw new Error(`${path} has ${size} bytes, but ${countedBytes} were written`);
  if (size > countedBytes) await file.truncate(countedBytes);

  let bytes = countedBytes;
  const outcomes = new Map<string, StoredOutcome>();
  /** Where the entry of each sequence begins and ends; the first one has sequence 1. */
  const spans: [start: number, end: number][] = [];
  await replayLines(path, bytes, (line, span) => {
    if ('entry' in line) spans.push(span);
    else setOrDelete(outcomes, line.id, line.outcome);
  });

  return {
    bytes: () => bytes,
    outcomes,
    append: async ({ entries, outcomes: changed }) => {
      const lines: Line[] = [
        ...entries.map((entry) => ({ entry })),
        ...[...changed].map(([id, outcome]) => ({ id, outcome })),
      ];
      const texts = lines.map((line) => Buffer.from(`${JSON.stringify(line)}\n`));
      const start = bytes;
      const end = start + (await appendDurably(file, texts, start));
      return {
        bytes: end,
        accept: () => {
          let at = start;
          for (const text of texts.slice(0, entries.length)) spans.push([at, (at += text.length)]);
          for (const [id, outcome] of changed) setOrDelete(outcomes, id, outcome);
          bytes = end;
        },
      };
    },
    read: async ({ before, limit }) => {
      const last = Math.min(before - 1, spans.length);
      const first = Math.max(1, last - limit + 1);
      if (last < first) return [];
      const page = spans.slice(first - 1, last);
      const [from, to] = [page[0]![0], page.at(-1)![1]];
      const buffer = await readWhole(file, to - from, from);
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

async function appendDurably(file: FileHandle, texts: readonly Buffer[], at: number): Promise<number> {
  const text = Buffer.concat(texts);
  // Cuts off what a failed append may have left.
  await file.truncate(at);
  await writeWhole(file, text, at);
  await file.sync();
  return text.length;
}

async function replayLines(
  path: string,
  bytes: number,
  take: (line: Line, span: [start: number, end: number]) => void,
): Promise<void> {
  if (bytes === 0) return;
  let at = 0;
  for await (const text of createInterface({
    input: createReadStream(path, { end: bytes - 1 }),
    crlfDelay: Infinity,
  })) {
    const end = at + Buffer.byteLength(text) + 1;
    take(JSON.parse(text) as Line, [at, end]);
    at = end;
  }
}

function setOrDelete(outcomes: Map<string, StoredOutcome>, id: string, outcome: StoredOutcome | null): void {
  if (outcome) outcomes.set(id, outcome);
  else outcomes.delete(id);
}
