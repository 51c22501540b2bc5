import { decideRepeat } from '@souk/service';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { applyCommand, type MachineDraft } from './apply-command';
import { SERVICE_ACTOR, type Submission, type SubmissionResult } from './commands';
import type { MachineSettings } from './machine-settings';
import {
  NO_STATE,
  type JournalEntry,
  type MachineSnapshot,
  type MachineState,
  type Outcome,
  type StoredOutcome,
} from './machine-state';
import { freeEarlierIds, usedIdOf, withCopies } from './outcome-ids';

/** A batch's change to a machine; it is written in full or not at all. */
export interface Change {
  expectedVersion: number;
  state: MachineState;
  entries: JournalEntry[];
  /** `null` deletes an outcome. */
  outcomes: ReadonlyMap<string, StoredOutcome | null>;
}

/** How long outcomes are kept. */
export interface Retention {
  /** How long the outcome of a key is replayed. */
  answerMs: number;
  /** How long a key is remembered, longer than `answerMs`; in between, it is refused. */
  keyMs: number;
  /** How long the outcome of a request without a key is kept: as long as the lane may retry an unanswered write. */
  unkeyedMs: number;
  /** The same for a withdrawal from an account, which also has to be settled in that time. */
  unkeyedOpenMs: number;
}

interface Decision {
  results: SubmissionResult[];
  /** Absent if there is nothing to write. */
  change?: Change;
}

/** How long a batch may block the event loop, because requests in progress have timeouts. A single command may take longer. */
const TURN_MS = 10;

/**
 * Applies submissions to a machine in order. A used key is replayed, even within the batch. Choosing pieces can take long, so
 * the batch yields to the event loop in between.
 * @param machine with the outcomes that are stored under the submissions' ids (`idsOf`)
 * @param nowMs milliseconds since 1970
 */
export async function decideBatch(
  machine: MachineSnapshot & { settings: MachineSettings },
  submissions: readonly Submission[],
  retention: Retention,
  nowMs: number,
): Promise<Decision> {
  const { settings, state, outcomes: storedOutcomes } = machine;
  const draft: MachineDraft = { state: structuredClone(state ?? NO_STATE), entries: [], settings, nowMs };
  const outcomes = new Map<string, StoredOutcome | null>();
  if (!state) fill(draft);
  let isChanged = false;

  const lookUp = (id: string) => (outcomes.has(id) ? (outcomes.get(id) ?? undefined) : storedOutcomes.get(id));

  const decide = (submission: Submission): SubmissionResult => {
    const { command, outcomeId, claim } = submission;
    const storedOutcome = lookUp(outcomeId);
    const isRequest = isClientRequest(submission);
    const usedId = isRequest ? usedIdOf(submission, lookUp) : undefined;
    if (usedId !== undefined) return replay(lookUp(usedId)!, usedId, submission, retention, nowMs);

    const answer = applyCommand(draft, command, { key: claim?.key ?? null, outcomeId, storedOutcome });
    if (answer.kind === 'too_late' || answer.kind === 'queue_full') return { ok: true, answer, isReplay: false };
    const isUnkeyedRefusal = isRequest && answer.kind === 'refused' && !claim;
    if (answer !== storedOutcome?.outcome && !isUnkeyedRefusal) {
      isChanged = true;
      if (answer.kind !== 'done') {
        const copyIds = storedOutcome?.copyIds ?? freeEarlierIds(submission, lookUp);
        const toStore = outcomeToStore(answer, submission, storedOutcome, retention, nowMs);
        for (const [id, outcome] of withCopies(outcomeId, toStore, copyIds)) outcomes.set(id, outcome);
      }
    }
    return { ok: true, answer, isReplay: false };
  };

  const results: SubmissionResult[] = [];
  let turnStartedAt = performance.now();
  for (const submission of submissions) {
    if (performance.now() - turnStartedAt > TURN_MS) {
      await nextTurn();
      turnStartedAt = performance.now();
    }
    results.push(decide(submission));
  }

  if (!isChanged) return { results };
  const expectedVersion = draft.state.version;
  const newState = { ...draft.state, version: expectedVersion + 1 };
  return { results, change: { expectedVersion, state: newState, entries: draft.entries, outcomes } };
}

/** A new machine starts fully stocked. */
function fill(draft: MachineDraft): void {
  const context = { key: null, outcomeId: '', storedOutcome: undefined };
  applyCommand(draft, { kind: 'reset', id: 'first-stock', actor: SERVICE_ACTOR }, context);
}

const isClientRequest = ({ command: { kind } }: Submission) =>
  kind === 'withdraw' || kind === 'refill' || kind === 'reset';

function replay(
  stored: StoredOutcome,
  usedId: string,
  { submissionId, outcomeId, claim }: Submission,
  { answerMs }: Retention,
  nowMs: number,
): SubmissionResult {
  // This submission wrote it, but the store's reply was lost.
  if (stored.submissionId === submissionId) return { ok: true, answer: stored.outcome, isReplay: false };
  const first = { fingerprint: stored.fingerprint, ageMs: nowMs - stored.keptAtMs };
  const decision = decideRepeat(first, claim?.fingerprint, answerMs);
  if (decision !== 'replay') return { ok: false, code: decision };
  return { ok: true, answer: stored.outcome, isReplay: true, ...(usedId !== outcomeId && { earlierId: usedId }) };
}

/** @returns the entry to store under the submission's outcome id; `null` to delete it */
function outcomeToStore(
  outcome: Outcome,
  { command, submissionId, claim }: Submission,
  stored: StoredOutcome | undefined,
  { keyMs, unkeyedMs, unkeyedOpenMs }: Retention,
  nowMs: number,
): StoredOutcome | null {
  if (command.kind === 'put_back' && command.outcome === 'deleted') return null;
  if (stored) return { ...stored, outcome };
  const expiresAtMs = nowMs + (claim ? keyMs : outcome.kind === 'open' ? unkeyedOpenMs : unkeyedMs);
  return { fingerprint: claim?.fingerprint ?? '', submissionId, outcome, keptAtMs: nowMs, expiresAtMs };
}
