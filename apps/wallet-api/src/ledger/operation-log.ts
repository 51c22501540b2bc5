import type { Logger } from '@souk/service';
import type { WalletMetrics } from '../wallet-metrics';
import type { Answer, Changes, Command } from './decisions/commands';
import type { Settled } from './settle-batch';

/** Watches the lane: metrics for every operation and every batch, and one log line per transaction at level debug. */
export function createOperationLog({ metrics, logger }: { metrics: WalletMetrics; logger: Logger }) {
  return {
    /** Measures a call of the lane. Each of its commands counts as taking as long as the call. */
    measure: async (commands: readonly Command[], call: () => Promise<Settled[]>): Promise<Settled[]> => {
      const stopTimer = metrics.operationDuration.startTimer();
      const count = (outcomeOf: (index: number) => string) =>
        commands.forEach((command, index) => stopTimer({ operation: operationOf(command), outcome: outcomeOf(index) }));
      metrics.laneWaiting.inc();
      try {
        const settled = await call();
        count((index) => outcomeOf(settled[index]!));
        return settled;
      } catch (error) {
        count(() => 'error');
        throw error;
      } finally {
        metrics.laneWaiting.dec();
      }
    },
    beginBatch: (commands: number) => {
      const startedAt = performance.now();
      let tries = 0;
      metrics.batchCommands.observe(commands);
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
            const batch = { commands, tries, durationMs: Math.round(durationMs * 10) / 10 };
            logger.debug({ transaction: { id, type, status, reason, actor, correlationId }, batch }, 'transaction');
          }
        },
      };
    },
  };
}

const operationOf = (command: Command) => (command.kind === 'cash' ? command.type : command.kind);

function outcomeOf(settled: Settled): string {
  if (!settled.ok) return settled.code.toLowerCase();
  return settled.isReplay ? 'replayed' : nameOf(settled.answer);
}

function nameOf(answer: Answer): string {
  if ('state' in answer) return answer.state;
  return answer.ok ? 'ok' : answer.code.toLowerCase();
}
