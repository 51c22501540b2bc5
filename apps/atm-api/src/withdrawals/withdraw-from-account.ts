import type { Minor } from '@souk/money';
import { AppError, unavailable, type KeyRefusal } from '@souk/service';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../machine/commands';
import type { Machine } from '../machine/machine';
import type { Outcome } from '../machine/machine-state';
import type { RequestIdentity } from '../request-identity';
import type { MachineStore } from '../store/machine-store';
import { rethrowUnknown, settleWithdrawal, type SettleDeps } from './settle-withdrawal';

export interface WithdrawDeps extends SettleDeps {
  store: MachineStore;
  /** How long one attempt to charge and settle may take. No other process tries during that time. */
  leaseMs: number;
  /** How long a repeat waits for the first request to settle. */
  joinMs: number;
  nowMs: () => number;
}

interface WithdrawCommand extends RequestIdentity {
  amount: Minor;
  accountId: string;
}

/** `IDEMPOTENCY_IN_PROGRESS`: the first request did not settle within `joinMs`. */
export type WithdrawResult =
  | { ok: true; outcome: Exclude<Outcome, { kind: 'open' }>; isReplay: boolean }
  | { ok: false; code: KeyRefusal | 'IDEMPOTENCY_IN_PROGRESS' };

const POLL_MS = 50;

/**
 * Withdraws cash from an account: sets the pieces aside, charges the account, then dispenses the pieces or puts them back.
 * @throws AppError `unavailable` (nothing was done), `timeout` (unknown: it may still be dispensed; retry with the same key)
 */
export async function withdrawFromAccount(
  deps: WithdrawDeps,
  machine: Machine,
  { amount, accountId, actor, outcomeId, claim }: WithdrawCommand,
): Promise<WithdrawResult> {
  const id = randomUUID();
  const account = { id: accountId, leasedUntilMs: deps.nowMs() + deps.leaseMs };
  const result = await machine.lane.submit({
    command: { kind: 'withdraw', id, amount, account, actor },
    outcomeId,
    ...(claim && { claim }),
  });
  if (!result.ok) return result;
  const { answer, isReplay } = result;
  if (answer.kind === 'queue_full') throw unavailable('the wallet');
  if (answer.kind !== 'open') return finalResult(answer, isReplay);
  if (isReplay) return join(deps, machine, result.earlierId ?? outcomeId);
  return finalResult(await settleWithdrawal(deps, machine, { id, amount, accountId, actor, outcomeId }), false);
}

/** Waits for the outcome of a withdrawal that another request is settling. */
async function join({ store, joinMs }: WithdrawDeps, machine: Machine, outcomeId: string): Promise<WithdrawResult> {
  const deadline = performance.now() + joinMs;
  for (;;) {
    const { outcomes } = await store.read(machine.id, [outcomeId]).catch(rethrowUnknown);
    const outcome = outcomes.get(outcomeId)?.outcome;
    // The outcome was deleted because the wallet accepted no charges.
    if (!outcome) throw unavailable('the wallet');
    if (outcome.kind !== 'open') return finalResult(outcome, true);
    if (performance.now() > deadline) return { ok: false, code: 'IDEMPOTENCY_IN_PROGRESS' };
    await delay(POLL_MS);
  }
}

function finalResult(answer: Answer, isReplay: boolean): WithdrawResult {
  if (answer.kind !== 'dispensed' && answer.kind !== 'refused')
    throw new AppError(
      'timeout',
      'TIMEOUT',
      'The outcome of the withdrawal is no longer stored under its key; look it up in the journal',
    );
  return { ok: true, outcome: answer, isReplay };
}
