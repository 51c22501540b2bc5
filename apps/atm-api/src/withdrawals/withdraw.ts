import { formatAmount, type Minor } from '@souk/money';
import { AppError, unavailable } from '@souk/service';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Asked } from '../asked';
import type { Answer, KeyRefusal } from '../machine/commands';
import type { Machine } from '../machine/machine';
import type { Outcome } from '../machine/machine-state';
import type { MachineStore } from '../store/machine-store';
import { rethrowUnknown, settleWithdrawal, type SettleDeps } from './settle-withdrawal';

export interface WithdrawDeps extends Pick<SettleDeps, 'logger'> {
  store: MachineStore;
  charges: SettleDeps['charges'];
  /** How long one attempt to charge may take. */
  leaseMs: number;
  /** How long a repeat waits for the first request to settle. */
  joinMs: number;
  nowMs: () => number;
}

export interface WithdrawCommand extends Asked {
  amount: Minor;
  accountId: string;
}

export type Final = Exclude<Outcome, { kind: 'open' }>;
/** `IDEMPOTENCY_IN_PROGRESS`: the first request has not settled in the time that a repeat waits. */
export type WithdrawResult =
  { ok: true; outcome: Final; isReplay: boolean } | { ok: false; code: KeyRefusal | 'IDEMPOTENCY_IN_PROGRESS' };

const POLL_MS = 50;

/**
 * Withdraws cash from an account: sets the notes aside, charges the account, then dispenses the notes or puts them back.
 * @throws AppError `unavailable` (nothing was done), `timeout` (unknown: it may still be dispensed; retry with the same key)
 */
export async function withdrawFromAccount(
  deps: WithdrawDeps,
  machine: Machine,
  { amount, accountId, actor, outcomeId, claim }: WithdrawCommand,
): Promise<WithdrawResult> {
  const id = randomUUID();
  const account = { id: accountId, leasedUntilMs: deps.nowMs() + deps.leaseMs };
  const held = await machine.lane.submit({
    command: { kind: 'withdraw', id, amount, account, actor },
    outcomeId,
    ...(claim && { claim }),
  });
  if (!held.ok) return held;
  const { answer, isReplay } = held;
  if (answer.kind === 'crowded') throw unavailable('the wallet');
  if (answer.kind !== 'open') return final(answer, isReplay);
  if (isReplay) return join(deps, machine, held.earlierId ?? outcomeId);
  const withdrawal = { id, amount: formatAmount(amount), accountId, actor, outcomeId };
  return final(await settleWithdrawal(deps, machine, withdrawal), false);
}

/** Waits for the outcome of a withdrawal that another request is settling. */
async function join({ store, joinMs }: WithdrawDeps, machine: Machine, outcomeId: string): Promise<WithdrawResult> {
  const deadline = performance.now() + joinMs;
  for (;;) {
    const { known } = await store.read(machine.id, [outcomeId]).catch(rethrowUnknown);
    const kept = known.get(outcomeId);
    // The outcome was deleted because the wallet accepted no charges.
    if (!kept) throw unavailable('the wallet');
    if (kept.outcome.kind !== 'open') return final(kept.outcome, true);
    if (performance.now() > deadline) return { ok: false, code: 'IDEMPOTENCY_IN_PROGRESS' };
    await delay(POLL_MS);
  }
}

function final(answer: Answer, isReplay: boolean): WithdrawResult {
  if (answer.kind !== 'dispensed' && answer.kind !== 'refused')
    throw new AppError('timeout', 'TIMEOUT', 'What became of the withdrawal is no longer known; the journal tells');
  return { ok: true, outcome: answer, isReplay };
}
