import { Counter, Gauge, Histogram, type Logger, type Registry } from '@souk/service';
import type { Answer, Changes, Command } from './decisions/commands';
import type { SubmissionResult } from './plan-batch';

export type LaneMetrics = ReturnType<typeof createLaneMetrics>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createLaneMetrics(registry: Registry) {
  const registers = [registry];
  return {
    batchCommands: new Histogram({
      name: 'souk_wallet_batch_commands',
      help: 'Commands per transaction of the lane',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    }),
    batchDuration: new Histogram({
      name: 'souk_wallet_batch_duration_seconds',
      help: 'Duration of a transaction of the lane, including retries',
      buckets: SECONDS,
      registers,
    }),
    batchReruns: new Counter({
      name: 'souk_wallet_batch_reruns_total',
      help: 'Transactions of the lane that were retried, because of a lock or because another replica inserted a row first',
      labelNames: ['reason'],
      registers,
    }),
    laneCalls: new Gauge({
      name: 'souk_wallet_lane_calls',
      help: 'Calls in the lane, waiting or in progress',
      registers,
    }),
    operationDuration: new Histogram({
      name: 'souk_wallet_operation_duration_seconds',
      help: 'Time from the submission of a command to its answer, by operation and outcome',
      labelNames: ['operation', 'outcome'],
      buckets: SECONDS,
      registers,
    }),
  };
}

/** Observes the lane: metrics for every command and every batch, and one log line per transaction at level debug. */
export function createLaneObserver({ metrics, logger }: { metrics: LaneMetrics; logger: Logger }) {
  return {
    /** Measures a call to the lane. The duration of the call is recorded for each of its commands. */
    measure: async (
      commands: readonly Command[],
      call: () => Promise<SubmissionResult[]>,
    ): Promise<SubmissionResult[]> => {
      const stopTimer = metrics.operationDuration.startTimer();
      const recordOutcomes = (outcomeOf: (index: number) => string) =>
        commands.forEach((command, index) => stopTimer({ operation: operationOf(command), outcome: outcomeOf(index) }));
      metrics.laneCalls.inc();
      try {
        const results = await call();
        recordOutcomes((index) => outcomeOf(results[index]!));
        return results;
      } catch (error) {
        recordOutcomes(() => 'error');
        throw error;
      } finally {
        metrics.laneCalls.dec();
      }
    },
    beginBatch: (commandCount: number) => {
      const startedAt = performance.now();
      let tries = 0;
      metrics.batchCommands.observe(commandCount);
      return {
        /** @param reason why the batch runs again; undefined on the first try */
        onTry: (reason?: string) => {
          tries += 1;
          if (reason) metrics.batchReruns.inc({ reason });
        },
        end: (changes: Changes | undefined) => {
          const durationMs = performance.now() - startedAt;
          metrics.batchDuration.observe(durationMs / 1_000);
          if (!logger.isLevelEnabled('debug')) return;
          for (const { id, type, status, reason, actor, correlationId } of changes?.transactions ?? []) {
            const batch = { commands: commandCount, tries, durationMs: Math.round(durationMs * 10) / 10 };
            logger.debug({ transaction: { id, type, status, reason, actor, correlationId }, batch }, 'transaction');
          }
        },
      };
    },
  };
}

const operationOf = (command: Command) => (command.kind === 'external' ? command.type : command.kind);

function outcomeOf(result: SubmissionResult): string {
  if (!result.ok) return result.code.toLowerCase();
  return result.isReplay ? 'replayed' : nameOf(result.answer);
}

function nameOf(answer: Answer): string {
  if ('state' in answer) return answer.state;
  return answer.ok ? 'ok' : answer.code.toLowerCase();
}
