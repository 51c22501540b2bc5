import { AppError, backoffMs, unavailable, createCoalescer } from '@souk/service';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AtmMetrics } from '../atm-metrics';
import type { MachineStore } from '../store/machine-store';
import type { SubmissionResult, Submission } from './commands';
import { decideBatch, type Retention } from './decide-batch';
import type { MachineSettings } from './machine-settings';
import { idsOf } from './outcome-ids';

/** Maximum number of commands that are decided and written together. */
const BATCH_MAX = 256;
/** Maximum number of waiting commands. */
const QUEUE_MAX = 10_000;
/**
 * Maximum number of attempts. One fails if another process has written first; each time one process succeeds, so few fail in a
 * row.
 */
const CONFLICTS_MAX = 200;
/** How long an unanswered write is retried, counted from the first attempt. */
const RETRY_MAX_MS = 4_000;
const BACKOFF = { initialMs: 2, maxMs: 50 };

/**
 * The only way to change a machine. Commands are decided in this process on the state in the store, and written if that state
 * hasn't changed. Commands that arrive during a batch form the next batch, so a busy machine costs one write per batch.
 */
export interface Lane {
  /**
   * @throws AppError `unavailable` (nothing was done), `timeout` (outcome unknown; retry with the same outcome id), `overloaded`
   */
  submit(submission: Omit<Submission, 'submissionId'>): Promise<SubmissionResult>;
  drain(): Promise<void>;
}

interface LaneDeps {
  machineId: string;
  settings: MachineSettings;
  store: MachineStore;
  retention: Retention;
  metrics: AtmMetrics;
  nowMs: () => number;
}

export function createLane(deps: LaneDeps): Lane {
  const coalescer = createCoalescer<Submission, SubmissionResult>({
    batchMax: BATCH_MAX,
    queueMax: QUEUE_MAX,
    run: (batch) => runBatch(deps, batch),
    onBatch: (size) => deps.metrics.batchCommands.observe(size),
  });
  return {
    submit: (submission) => coalescer.submit({ ...submission, submissionId: randomUUID() }),
    drain: () => coalescer.drain(),
  };
}

async function runBatch(deps: LaneDeps, batch: readonly Submission[]): Promise<SubmissionResult[]> {
  const deadline = performance.now() + RETRY_MAX_MS;
  /** The error of the first unanswered write. After it, only the store can tell whether anything was done. */
  let unansweredWrite: unknown;
  for (let attempt = 1; attempt <= CONFLICTS_MAX; attempt++) {
    try {
      const results = await tryBatch(deps, batch);
      if (results) return results;
      deps.metrics.conflicts.inc({ machine: deps.machineId });
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
      if (error.kind === 'timeout') unansweredWrite ??= error;
      if (unansweredWrite === undefined) throw error;
      if (performance.now() > deadline) throw outcomeUnknown(unansweredWrite);
    }
    await delay(backoffMs(BACKOFF, attempt));
  }
  throw unansweredWrite === undefined ? unavailable('the machine') : outcomeUnknown(unansweredWrite);
}

/** @returns undefined if another process changed the machine in between */
async function tryBatch(
  { machineId, settings, store, retention, metrics, nowMs }: LaneDeps,
  batch: readonly Submission[],
): Promise<SubmissionResult[] | undefined> {
  const outcomeIds = [...new Set(batch.flatMap(idsOf))];
  const snapshot = await store.read(machineId, outcomeIds);
  const { results, change } = await decideBatch({ settings, ...snapshot }, batch, retention, nowMs());
  if (!change) return results;
  if ((await store.write(machineId, change)) === 'conflict') return undefined;
  metrics.observe(machineId, settings, change);
  return results;
}

const outcomeUnknown = (cause: unknown) =>
  new AppError('timeout', 'TIMEOUT', "The machine's store did not answer; the outcome is unknown", { cause });
