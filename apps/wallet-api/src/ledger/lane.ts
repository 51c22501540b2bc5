import { isDuplicateKey, type Database } from '@souk/database';
import type { OutboxEntry, OutboxRelay } from '@souk/messaging';
import { createCoalescer, timeOrderedId, unavailable, type Logger } from '@souk/service';
import type { WalletMetrics } from '../wallet-metrics';
import type { Answers, Changes, Command } from './decisions/commands';
import { decideLedger } from './decisions/decide-ledger';
import { claimKeys, keepOutcomes, type IdempotencyKey } from './idempotency';
import { lockState } from './lock-state';
import { createOperationLog } from './operation-log';
import { planBatch, type Settled, type Submission } from './settle-batch';
import { writeChanges } from './write-changes';

/** Maximum number of commands in one transaction. A larger call gets a transaction of its own. */
const BATCH_COMMANDS_MAX = 512;
/** Maximum number of commands that wait for a transaction. */
const QUEUE_COMMANDS_MAX = 20_000;
/** A batch runs again if another replica inserts one of its new references or payments first; each time, one fewer is new. */
const TRIES_MAX = 10;

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** The result of a command that may carry a key: its answer, or why the key can't be used. */
export type OnceAnswer<Kind extends Command['kind']> =
  (Answers[Kind] & { isReplay: boolean }) | { ok: false; code: KeyRefusal; isReplay: false };

export type KeyRefusal = Extract<Settled, { ok: false }>['code'];

/**
 * The only way to write to the ledger: see docs/adr/0018. Commands are applied in order, in one transaction, together with those
 * that other callers submit at the same time.
 *
 * `submit` and `submitOnce` throw AppError `unavailable` (nothing was done), `timeout` (the outcome is unknown; a command with a
 * key or a payment id may be repeated) or `overloaded`.
 */
export interface Lane {
  /** @returns one answer per command */
  submit<Kind extends Command['kind']>(commands: readonly Of<Kind>[]): Promise<Answers[Kind][]>;
  /** Applies a command once per key. Repeating the key returns the first answer, as a replay. */
  submitOnce<Kind extends Command['kind']>(
    command: Of<Kind>,
    key: IdempotencyKey | undefined,
  ): Promise<OnceAnswer<Kind>>;
  /** Resolves when everything submitted has been answered. */
  drain(): Promise<void>;
}

export interface LaneDeps {
  db: Database;
  outbox: OutboxRelay;
  /** How long the outcome of a key is replayed; after that the key is refused. */
  answerKeptMs: number;
  metrics: WalletMetrics;
  logger: Logger;
}

export function createLane(deps: LaneDeps): Lane {
  const log = createOperationLog(deps);
  const coalescer = createCoalescer<readonly Submission[], Settled[]>({
    batchMax: BATCH_COMMANDS_MAX,
    queueMax: QUEUE_COMMANDS_MAX,
    weightOf: (submissions) => submissions.length,
    run: async (calls) => {
      const submissions = calls.flat();
      const batch = log.beginBatch(submissions.length);
      const { settled, changes, messages } = await runBatch(deps, submissions, batch.onTry);
      deps.outbox.nudge(messages);
      batch.end(changes);
      let start = 0;
      return calls.map((call) => settled.slice(start, (start += call.length)));
    },
  });
  const submit = (submissions: readonly Submission[]) =>
    log.measure(
      submissions.map(({ command }) => command),
      () => coalescer.submit(submissions),
    );

  return {
    submit: async <Kind extends Command['kind']>(commands: readonly Of<Kind>[]) => {
      if (commands.length === 0) return [];
      const settled = await submit(commands.map((command) => ({ command })));
      return settled.map((each) => (each as Extract<Settled, { ok: true }>).answer as Answers[Kind]);
    },
    submitOnce: async <Kind extends Command['kind']>(command: Of<Kind>, key: IdempotencyKey | undefined) => {
      const [settled] = await submit([{ command, ...(key && { claim: { ...key, actor: command.actor } }) }]);
      if (!settled!.ok) return { ...settled!, isReplay: false };
      return { ...(settled!.answer as Answers[Kind]), isReplay: settled!.isReplay };
    },
    drain: () => coalescer.drain(),
  };
}

interface Applied {
  settled: Settled[];
  changes: Changes | undefined;
  messages: OutboxEntry[];
}

async function runBatch(
  deps: LaneDeps,
  submissions: readonly Submission[],
  onTry: (reason?: string) => void,
): Promise<Applied> {
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
): Promise<Applied> {
  const { known, insertedIds } = await claimKeys(
    tx,
    submissions.flatMap(({ claim }) => claim ?? []),
  );
  const { first, settle } = planBatch(submissions, known, answerKeptMs);
  if (first.length === 0) return { settled: settle([]), changes: undefined, messages: [] };

  const commands = first.map(({ command }) => command);
  const { answers, changes } = decideLedger(await lockState(tx, commands), commands, timeOrderedId);
  const messages = await writeChanges(tx, changes, timeOrderedId);
  await keepOutcomes(
    tx,
    first.flatMap(({ claim }, index) => (claim ? [{ claim, outcome: answers[index] }] : [])),
    insertedIds,
  );
  return { settled: settle(answers), changes, messages };
}
