import { Counter, Gauge, Histogram, type Registry } from '@souk/service';
import type { Change } from './machine/decide-batch';
import type { MachineSettings } from './machine/machine-settings';
import { initialCounts, type MachineState } from './machine/machine-state';

export type AtmMetrics = ReturnType<typeof createAtmMetrics>;

export function createAtmMetrics(registry: Registry) {
  const counters = createCounters(registry);
  const gauges = createGauges(registry);

  /** Sets the gauges of a machine from its state. */
  const setGauges = (machine: string, settings: MachineSettings, state: MachineState | undefined) => {
    gauges.openWithdrawals.set({ machine }, Object.keys(state?.open ?? {}).length);
    gauges.pendingCancellations.set({ machine }, Object.keys(state?.cancelling ?? {}).length);
    const counts = state?.counts ?? initialCounts(settings);
    for (const { text } of settings.denominations) gauges.stock.set({ machine, denomination: text }, counts[text] ?? 0);
  };

  /** Counts the withdrawals of a change and sets the gauges from the resulting state. */
  const observe = (machine: string, settings: MachineSettings, { state, entries }: Change) => {
    for (const { type, status, amount } of entries) {
      if (type !== 'withdrawal' || status === null) continue;
      counters.withdrawals.inc({ machine, outcome: status });
      if (status === 'dispensed') counters.dispensedCents.inc({ machine }, Number(amount.replace('.', '')));
    }
    setGauges(machine, settings, state);
  };

  const { withdrawals, batchCommands, conflicts } = counters;
  return { withdrawals, batchCommands, conflicts, setGauges, observe };
}

function createCounters(registry: Registry) {
  const registers = [registry];
  return {
    withdrawals: new Counter({
      name: 'souk_atm_withdrawals_total',
      help: 'Withdrawals by machine and outcome: dispensed, open, put_back, or the code of the refusal',
      labelNames: ['machine', 'outcome'],
      registers,
    }),
    dispensedCents: new Counter({
      name: 'souk_atm_dispensed_cents_total',
      help: 'Dispensed amount in cents',
      labelNames: ['machine'],
      registers,
    }),
    batchCommands: new Histogram({
      name: 'souk_atm_batch_commands',
      help: 'Commands per batch, which is decided and written as a whole',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    }),
    conflicts: new Counter({
      name: 'souk_atm_conflicts_total',
      help: 'Batches decided again because another process had changed the machine',
      labelNames: ['machine'],
      registers,
    }),
  };
}

function createGauges(registry: Registry) {
  const registers = [registry];
  return {
    openWithdrawals: new Gauge({
      name: 'souk_atm_open_withdrawals',
      help: 'Open withdrawals, whose pieces are set aside',
      labelNames: ['machine'],
      registers,
    }),
    pendingCancellations: new Gauge({
      name: 'souk_atm_pending_cancellations',
      help: 'Payments whose pieces were put back and whose cancellation is not confirmed yet',
      labelNames: ['machine'],
      registers,
    }),
    stock: new Gauge({
      name: 'souk_atm_stock_pieces',
      help: 'Pieces that can be dispensed, by denomination',
      labelNames: ['machine', 'denomination'],
      registers,
    }),
  };
}
