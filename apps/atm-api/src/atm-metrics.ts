import { Counter, Gauge, Histogram, type Registry } from '@souk/service';
import type { MachineSettings } from './machines';
import type { Change } from './machine/decide-batch';
import { initialCounts, type MachineState } from './machine/machine-state';

export type AtmMetrics = ReturnType<typeof createAtmMetrics>;

export function createAtmMetrics(registry: Registry) {
  const registers = [registry];
  const withdrawals = new Counter({
    name: 'souk_atm_withdrawals_total',
    help: 'Withdrawals by machine and outcome: dispensed, open, put_back, or the code of the refusal',
    labelNames: ['machine', 'outcome'],
    registers,
  });
  const dispensedCents = new Counter({
    name: 'souk_atm_dispensed_cents_total',
    help: 'What was dispensed, in cents',
    labelNames: ['machine'],
    registers,
  });
  const openWithdrawals = new Gauge({
    name: 'souk_atm_open_withdrawals',
    help: 'Withdrawals whose notes are set aside',
    labelNames: ['machine'],
    registers,
  });
  const pendingCancellations = new Gauge({
    name: 'souk_atm_pending_cancellations',
    help: 'Payments whose notes were put back and whose cancellation is not confirmed yet',
    labelNames: ['machine'],
    registers,
  });
  const stock = new Gauge({
    name: 'souk_atm_stock_pieces',
    help: 'Pieces that can be dispensed, by denomination',
    labelNames: ['machine', 'denomination'],
    registers,
  });

  const show = (machine: string, settings: MachineSettings, state: MachineState | undefined) => {
    openWithdrawals.set({ machine }, Object.keys(state?.open ?? {}).length);
    pendingCancellations.set({ machine }, Object.keys(state?.cancelling ?? {}).length);
    const counts = state?.counts ?? initialCounts(settings);
    for (const { text } of settings.denominations) stock.set({ machine, denomination: text }, counts[text] ?? 0);
  };

  return {
    withdrawals,
    batchCommands: new Histogram({
      name: 'souk_atm_batch_commands',
      help: 'Commands that were decided and written together',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    }),
    conflicts: new Counter({
      name: 'souk_atm_conflicts_total',
      help: 'Batches decided again because another process had changed the machine',
      labelNames: ['machine'],
      registers,
    }),
    /** Sets the gauges to a machine's state. */
    show,
    /** Counts a change's withdrawals and sets the gauges to the resulting state. */
    observe: (machine: string, settings: MachineSettings, { state, entries }: Change) => {
      for (const { type, status, amount } of entries) {
        if (type !== 'withdrawal' || status === null) continue;
        withdrawals.inc({ machine, outcome: status });
        if (status === 'dispensed') dispensedCents.inc({ machine }, Number(amount.replace('.', '')));
      }
      show(machine, settings, state);
    },
  };
}
