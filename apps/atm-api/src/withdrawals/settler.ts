import { readAmount } from '@souk/contracts';
import type { WalletClient } from '@souk/grpc';
import { runEvery, type Logger } from '@souk/service';
import type { AtmMetrics } from '../atm-metrics';
import { fillMachine, type Machine } from '../machine/machine';
import type { OpenWithdrawal, PendingCancellation } from '../machine/machine-state';
import type { MachineStore } from '../store/machine-store';
import { cancelPayment } from './charge-account';
import { expireWithdrawal, settleWithdrawal } from './settle-withdrawal';

const INTERVAL_MS = 1_000;
/** Maximum number of withdrawals and cancellations per machine and pass. */
const SETTLED_MAX = 64;

export interface SettlerDeps {
  machines: ReadonlyMap<string, Machine>;
  store: MachineStore;
  /** Absent if no wallet is configured; open withdrawals then wait for one. */
  wallet: WalletClient | undefined;
  /** How long a withdrawal may stay open. */
  ttlMs: number;
  /** How long one attempt may take. No other process tries during that time. */
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
  return runEvery(INTERVAL_MS, 'the settling of open withdrawals', deps.logger, () => settleAll(deps));
}

/** One pass over all machines. A withdrawal or machine that can't be settled now doesn't hold up the others. */
export async function settleAll(deps: SettlerDeps): Promise<void> {
  await Promise.all(
    [...deps.machines.values()].map((machine) =>
      settleMachine(deps, machine).catch((error: unknown) =>
        deps.logger.warn(
          { err: error, machine: machine.id },
          'the withdrawals of a machine could not be settled; trying again',
        ),
      ),
    ),
  );
}

async function settleMachine(deps: SettlerDeps, machine: Machine): Promise<void> {
  const { store, wallet, metrics, logger, nowMs } = deps;
  const { state } = await store.read(machine.id, []);
  metrics.setGauges(machine.id, machine.settings, state);
  if (!state) return fillMachine(machine);
  if (!wallet) return;
  const isFree = ({ leasedUntilMs }: { leasedUntilMs: number }) => leasedUntilMs <= nowMs();
  const tasks = [
    ...Object.values(state.open)
      .filter(isFree)
      .map((open) => () => settleOpen(deps, wallet, machine, open)),
    ...Object.values(state.cancelling)
      .filter(isFree)
      .map((payment) => () => withLease(deps, machine, payment, () => confirmCancellation(wallet, machine, payment))),
  ];
  const results = await Promise.allSettled(tasks.slice(0, SETTLED_MAX).map((task) => task()));
  for (const result of results)
    if (result.status === 'rejected')
      logger.warn(
        { err: result.reason as unknown, machine: machine.id },
        'a withdrawal could not be settled; trying again',
      );
}

async function settleOpen(
  deps: SettlerDeps,
  wallet: WalletClient,
  machine: Machine,
  open: OpenWithdrawal,
): Promise<unknown> {
  const withdrawal = { ...open, amount: readAmount(open.amount)! };
  const isExpired = deps.nowMs() - open.openedAtMs >= deps.ttlMs;
  if (isExpired) return expireWithdrawal(machine, withdrawal);
  return withLease(deps, machine, open, () => settleWithdrawal({ wallet, logger: deps.logger }, machine, withdrawal));
}

async function withLease(
  { leaseMs, nowMs }: SettlerDeps,
  { lane }: Machine,
  { id, actor }: { id: string; actor: string },
  task: () => Promise<unknown>,
): Promise<void> {
  const lease = { kind: 'lease', id, actor, leasedUntilMs: nowMs() + leaseMs } as const;
  const result = await lane.submit({ command: lease, outcomeId: '' });
  if (result.ok && result.answer.kind === 'done') await task();
}

async function confirmCancellation(
  wallet: WalletClient,
  { lane }: Machine,
  { id, actor }: PendingCancellation,
): Promise<void> {
  await cancelPayment(wallet, id, actor);
  await lane.submit({ command: { kind: 'confirm_cancellation', id, actor }, outcomeId: '' });
}
