import { isDuplicateKey, type Database } from '@souk/database';
import type { OutboxEntry, OutboxRelay } from '@souk/messaging';
import { createCoalescer, timeOrderedId, unavailable, type KeyRefusal, type Logger } from '@souk/service';
import type { Answers, Changes, Command, CommandOf } from './decisions/commands';
import { decideLedger } from './decisions/decide-ledger';
import { claimKeys, storeOutcomes, type IdempotencyKey } from './idempotency';
import { createLaneObserver, type LaneMetrics } from './lane-metrics';
import { lockState } from './lock-state';
import { planBatch, type Submission, type SubmissionResult } from './plan-batch';
import { writeChanges } from './changes-store';

/** Maximum number of commands in one transaction. A larger call gets a transaction of its own. */
const BATCH_COMMANDS_MAX = 512;
/** Maximum number of commands that wait for a transaction. */
const QUEUE_COMMANDS_MAX = 20_000;
/**
 * Maximum number of tries. A batch runs again if another replica has inserted one of its new references or payments first; each
 * time, at least one fewer is new.
 */
const TRIES_MAX = 10;

/** The key was used with another body, or its outcome has expired. Nothing was done. */
export interface KeyRefused {
  ok: false;
  code: KeyRefusal;
  isReplay: false;
}

/** The result of a command that may carry a key: its answer, or why the key can't be used. */
export type OnceResult<Kind extends Command['kind']> = (Answers[Kind] & { isReplay: boolean }) | KeyRefused;

/**
 * The only way to write to the ledger: see docs/adr/0018. Commands are applied in order, in one transaction, together with those
 * that other callers submit at the same time.
 *
 * `submit` and `submitOnce` throw AppError `unavailable` (nothing was done), `timeout` (the outcome is unknown; a command with a
 * key or a payment id may be repeated) or `overloaded`.
 */
export interface Lane {
  /** @returns one answer per command */
  submit<Kind extends Command['kind']>(commands: readonly CommandOf<Kind>[]): Promise<Answers[Kind][]>;
  /** Applies a command once per key. Repeating the key returns the first answer, as a replay. */
  submitOnce<Kind extends Command['kind']>(
    command: CommandOf<Kind>,
    key: IdempotencyKey | undefined,
  ): Promise<OnceResult<Kind>>;
  /** Resolves when everything submitted has been answered. */
  drain(): Promise<void>;
}

interface LaneDeps {
  db: Database;
  outbox: OutboxRelay;
  /** How long the outcome of a key is replayed; after that the key is refused. */
  answerKeptMs: number;
  metrics: LaneMetrics;
  logger: Logger;
}

export function createLane(deps: LaneDeps): Lane {
  const observer = createLaneObserver(deps);
  const coalescer = createCoalescer<readonly Submission[], SubmissionResult[]>({
    batchMax: BATCH_COMMANDS_MAX,
    queueMax: QUEUE_COMMANDS_MAX,
    weightOf: (submissions) => submissions.length,
    run: async (calls) => {
      const submissions = calls.flat();
      const batch = observer.beginBatch(submissions.length);
      const { results, changes, messages } = await runBatch(deps, submissions, batch.onTry);
      deps.outbox.nudge(messages);
      batch.end(changes);
      let start = 0;
      return calls.map((call) => results.slice(start, (start += call.length)));
    },
  });
  const submitAll = (submissions: readonly Submission[]) =>
    observer.measure(
      submissions.map(({ command }) => command),
      () => coalescer.submit(submissions),
    );

  return {
    submit: async <Kind extends Command['kind']>(commands: readonly CommandOf<Kind>[]) => {
      if (commands.length === 0) return [];
      const results = await submitAll(commands.map((command) => ({ command })));
      // Only a key can be refused, and these commands have none.
      return results.map((result) => (result as Extract<SubmissionResult, { ok: true }>).answer as Answers[Kind]);
    },
    submitOnce: async <Kind extends Command['kind']>(command: CommandOf<Kind>, key: IdempotencyKey | undefined) => {
      const [result] = await submitAll([{ command, ...(key && { claim: { ...key, actor: command.actor } }) }]);
      if (!result!.ok) return { ...result!, isReplay: false };
      return { ...(result!.answer as Answers[Kind]), isReplay: result!.isReplay };
    },
    drain: () => coalescer.drain(),
  };
}

interface AppliedBatch {
  results: SubmissionResult[];
  changes: Changes | undefined;
  messages: OutboxEntry[];
}

async function runBatch(
  deps: LaneDeps,
  submissions: readonly Submission[],
  onTry: (reason?: string) => void,
): Promise<AppliedBatch> {
  for (let attempt = 1, reason: string | undefined; attempt <= TRIES_MAX; attempt++) {
    try {
      return await deps.db.transaction((tx) => {
        onTry(reason);
        reason = 'lock';
        return applyBatch(tx, submissions, deps.answerKeptMs);
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      reason = 'duplicate_key';
    }
  }
  throw unavailable('the wallet');
}

async function applyBatch(
  tx: Parameters<typeof claimKeys>[0],
  submissions: readonly Submission[],
  answerKeptMs: number,
): Promise<AppliedBatch> {
  const { usedKeys, insertedIds } = await claimKeys(
    tx,
    submissions.flatMap(({ claim }) => claim ?? []),
  );
  const { toDecide, resultsOf } = planBatch(submissions, usedKeys, answerKeptMs);
  if (toDecide.length === 0) return { results: resultsOf([]), changes: undefined, messages: [] };

  const commands = toDecide.map(({ command }) => command);
  const { answers, changes } = decideLedger(await lockState(tx, commands), commands, timeOrderedId);
  const messages = writeChanges(tx, changes, timeOrderedId);
  storeOutcomes(
    tx,
    toDecide.flatMap(({ claim }, index) => (claim ? [{ claim, outcome: answers[index] }] : [])),
    insertedIds,
  );
  return { results: resultsOf(answers), changes, messages };
}
