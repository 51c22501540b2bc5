import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MachineSettings } from '../machines';
import { applyCommand, type Draft } from './apply-command';
import type { Settled, Submission } from './commands';
import { freeEarlierIds, usedIdOf, withCopies } from './outcome-ids';
import { NO_STATE, type JournalEntry, type KeptOutcome, type MachineState, type Outcome } from './machine-state';

/** A batch's change to a machine; it is written in full or not at all. */
export interface Change {
  expectedVersion: number;
  state: MachineState;
  entries: JournalEntry[];
  /** `null` deletes an outcome. */
  outcomes: ReadonlyMap<string, KeptOutcome | null>;
}

/** How long outcomes are kept. */
export interface Retention {
  /** How long the outcome of a key is replayed. */
  answerMs: number;
  /** How long a key is remembered, longer than `answerMs`; in between, it is refused. */
  keyMs: number;
  /** For requests without a key: as long as the lane may look for an outcome whose write went unanswered. */
  unkeyedMs: number;
  /** The same for a withdrawal from an account, which also has to be settled. */
  unkeyedOpenMs: number;
}

export interface Decision {
  settled: Settled[];
  /** Absent if there is nothing to write. */
  change?: Change;
}

export interface Book {
  settings: MachineSettings;
  /** Absent until something is written. */
  state: MachineState | undefined;
  /** Stored outcomes at the submissions' ids (`idsOf`). */
  known: ReadonlyMap<string, KeptOutcome>;
}

/** The actor of commands that no client requests. */
export const SERVICE_ACTOR = 'atm-api';
/** How long a batch may hold the event loop, because others have timeouts running. A single command may take longer. */
const TURN_MS = 10;

/**
 * Applies submissions to a machine in order. A used key is replayed, even within the batch. Choosing pieces can take long, so
 * the batch yields to the event loop in between.
 * @param nowMs milliseconds since 1970
 */
export async function decideBatch(
  { settings, state, known }: Book,
  submissions: readonly Submission[],
  retention: Retention,
  nowMs: number,
): Promise<Decision> {
  const draft: Draft = { state: structuredClone(state ?? NO_STATE), entries: [], settings, nowMs };
  const outcomes = new Map<string, KeptOutcome | null>();
  if (!state) fill(draft);
  let isChanged = false;

  const keptAt = (id: string) => (outcomes.has(id) ? (outcomes.get(id) ?? undefined) : known.get(id));

  const settle = (submission: Submission): Settled => {
    const { command, outcomeId, claim } = submission;
    const kept = keptAt(outcomeId);
    const isFirst = isAsked(submission);
    const usedId = isFirst ? usedIdOf(submission, keptAt) : undefined;
    if (usedId !== undefined) return replay(keptAt(usedId)!, usedId, submission, retention, nowMs);

    const answer = applyCommand(draft, command, { key: claim?.key ?? null, outcomeId, known: kept });
    const isRefusedUnkept = isFirst && answer.kind === 'refused' && !claim;
    if (answer.kind === 'gone' || answer.kind === 'crowded') return { ok: true, answer, isReplay: false };
    if (answer !== kept?.outcome && !isRefusedUnkept) {
      isChanged = true;
      if (answer.kind !== 'done') {
        const copyIds = kept?.copyIds ?? freeEarlierIds(submission, keptAt);
        const changed = keep(answer, submission, kept, retention, nowMs);
        for (const [id, each] of withCopies(outcomeId, changed, copyIds)) outcomes.set(id, each);
      }
    }
    return { ok: true, answer, isReplay: false };
  };

  const settled: Settled[] = [];
  let turnBegan = performance.now();
  for (const submission of submissions) {
    if (performance.now() - turnBegan > TURN_MS) {
      await nextTurn();
      turnBegan = performance.now();
    }
    settled.push(settle(submission));
  }

  if (!isChanged) return { settled };
  const expectedVersion = draft.state.version;
  const written = { ...draft.state, version: expectedVersion + 1 };
  return { settled, change: { expectedVersion, state: written, entries: draft.entries, outcomes } };
}

/** A new machine starts fully stocked. */
function fill(draft: Draft): void {
  applyCommand(
    draft,
    { kind: 'reset', id: 'first-stock', actor: SERVICE_ACTOR },
    { key: null, outcomeId: '', known: undefined },
  );
}

const isAsked = ({ command: { kind } }: Submission) => kind === 'withdraw' || kind === 'refill' || kind === 'reset';

function replay(
  kept: KeptOutcome,
  usedId: string,
  { submissionId, outcomeId, claim }: Submission,
  { answerMs }: Retention,
  nowMs: number,
): Settled {
  // This submission wrote it, but the store's reply was lost.
  if (kept.submissionId === submissionId) return { ok: true, answer: kept.outcome, isReplay: false };
  if (kept.fingerprint !== claim?.fingerprint) return { ok: false, code: 'IDEMPOTENCY_MISMATCH' };
  if (nowMs - kept.keptAtMs > answerMs) return { ok: false, code: 'IDEMPOTENCY_EXPIRED' };
  return { ok: true, answer: kept.outcome, isReplay: true, ...(usedId !== outcomeId && { earlierId: usedId }) };
}

function keep(
  answer: Outcome,
  { command, submissionId, claim }: Submission,
  before: KeptOutcome | undefined,
  { keyMs, unkeyedMs, unkeyedOpenMs }: Retention,
  nowMs: number,
): KeptOutcome | null {
  if (command.kind === 'put_back' && command.outcome === 'forgotten') return null;
  if (before) return { ...before, outcome: answer };
  const expiresAtMs = nowMs + (claim ? keyMs : answer.kind === 'open' ? unkeyedOpenMs : unkeyedMs);
  return { fingerprint: claim?.fingerprint ?? '', submissionId, outcome: answer, keptAtMs: nowMs, expiresAtMs };
}
