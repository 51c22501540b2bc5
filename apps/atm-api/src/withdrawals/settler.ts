import { every, type Logger } from '@souk/service';
import type { AtmMetrics } from '../atm-metrics';
import { fillMachine } from '../machine/fill-machine';
import type { Machine } from '../machine/machine';
import type { PendingCancellation } from '../machine/machine-state';
import type { MachineStore } from '../store/machine-store';
import { expireWithdrawal, settleWithdrawal } from './settle-withdrawal';
import type { WalletCharges } from './wallet-charges';

const INTERVAL_MS = 1_000;
/** Withdrawals and cancellations per machine and turn. */
const SETTLED_MAX = 64;

export interface SettlerDeps {
  machines: ReadonlyMap<string, Machine>;
  store: MachineStore;
  /** Absent if no wallet is configured; open withdrawals then wait for one. */
  charges: WalletCharges | undefined;
  /** How long a withdrawal may stay open. */
  ttlMs: number;
  /** Time limit of one attempt. No other process tries during that time. */
  leaseMs: number;
  metrics: AtmMetrics;
  logger: Logger;
  nowMs: () => number;
}

/**
 * Settles withdrawals left open because the process that opened them died or the wallet didn't answer. Also fills new machines.
 * Every process runs one.
 */
export function startSettler(deps: SettlerDeps): { stop(): Promise<void> } {
  return every(INTERVAL_MS, 'the settling of open withdrawals', deps.logger, () => settleTurn(deps));
}

/** One pass over all machines. A withdrawal or machine that can't be settled now doesn't hold up the others. */
export async function settleTurn(deps: SettlerDeps): Promise<void> {
  await Promise.all(
    [...deps.machines.values()].map((machine) =>
      settleMachine(deps, machine).catch((error: unknown) =>
        deps.logger.warn({ err: error, machine: machine.id }, 'a machine could not be settled; it is tried again'),
      ),
    ),
  );
}

async function settleMachine(deps: SettlerDeps, machine: Machine): Promise<void> {
  const { store, charges, metrics, logger, nowMs } = deps;
  const { state } = await store.read(machine.id, []);
  metrics.show(machine.id, machine.settings, state);
  if (!state) return fillMachine(machine);
  if (!charges) return;
  const isFree = ({ leasedUntilMs }: { leasedUntilMs: number }) => leasedUntilMs <= nowMs();
  const work = [
    ...Object.values(state.open)
      .filter(isFree)
      .map((open) => () => {
        const isLate = nowMs() - open.openedAtMs >= deps.ttlMs;
        if (isLate) return expireWithdrawal(machine, open);
        return leased(deps, machine, open, () => settleWithdrawal({ charges, logger }, machine, open));
      }),
    ...Object.values(state.cancelling)
      .filter(isFree)
      .map((payment) => () => leased(deps, machine, payment, () => confirmCancellation(charges, machine, payment))),
  ];
  const results = await Promise.allSettled(work.slice(0, SETTLED_MAX).map((settle) => settle()));
  for (const result of results)
    if (result.status === 'rejected')
      logger.warn(
        { err: result.reason as unknown, machine: machine.id },
        'a withdrawal could not be settled; it is tried again',
      );
}

async function leased(
  { leaseMs, nowMs }: SettlerDeps,
  { lane }: Machine,
  { id, actor }: { id: string; actor: string },
  work: () => Promise<unknown>,
): Promise<void> {
  const lease = { kind: 'lease', id, actor, leasedUntilMs: nowMs() + leaseMs } as const;
  const settled = await lane.submit({ command: lease, outcomeId: '' });
  if (settled.ok && settled.answer.kind === 'done') await work();
}

async function confirmCancellation(
  charges: WalletCharges,
  { lane }: Machine,
  { id, actor }: PendingCancellation,
): Promise<void> {
  await charges.cancel(id, actor);
  await lane.submit({ command: { kind: 'cancelled', id, actor }, outcomeId: '' });
}
