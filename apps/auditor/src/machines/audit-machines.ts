import type { Database } from '@souk/database';
import { noFindings, resultOf, type CheckResult, type Findings } from '../check-result';
import { findSchemas, type Schemas } from '../schemas';
import { compareEnded, findUnmatchedCharges, type Ledger } from './compare-payments';
import { MACHINE_CHECKS, type MachineCheck, type MachineCheckName } from './machine-checks';
import type { MachineStore } from './machine-store';
import { compareState, newReplay, replayEntry, type Replay } from './replay-journal';

export interface MachineAuditDeps {
  db: Pick<Database, 'snapshot' | 'rows'>;
  schemas: Schemas;
  /** Undefined if its URL isn't set. */
  store: MachineStore | undefined;
  onProgress?(check: MachineCheck, rows: number): void;
  onResult?(result: CheckResult<MachineCheck>): void;
}

type AllFindings = Record<MachineCheckName, Findings>;

/** The state of a machine that has nothing in the store. */
const NO_STATE = { version: 0, sequence: 0, counts: {}, open: {}, cancelling: {} };

/**
 * Checks the cash machines against their journals, and the journals against the payments. Store and database share no snapshot,
 * so the record of a later step is read before that of the step it depends on. Then nothing in progress can look broken, and
 * nothing has to be checked again.
 * @throws AppError `unavailable` or `timeout` if the store or the database doesn't respond
 */
export async function auditMachines(deps: MachineAuditDeps): Promise<CheckResult<MachineCheck>[]> {
  const { db, schemas, store, onResult } = deps;
  const names = Object.keys(MACHINE_CHECKS) as MachineCheckName[];
  const present = await db.snapshot((snapshot) => findSchemas(snapshot, schemas));
  const ledger = present.has('wallet') ? { db, schemas } : undefined;
  const startedAt = performance.now();
  const findings = store && (await checkMachines(deps, store, ledger));
  const durationMs = performance.now() - startedAt;

  const results = names.map((name): CheckResult<MachineCheck> => {
    const check = MACHINE_CHECKS[name];
    const reason = 'AUDIT_REDIS_URL is not set, so the cash machines cannot be read';
    if (!findings) return { check, outcome: 'skipped', reason };
    if (check.readsWallet && !ledger) return { check, outcome: 'skipped', reason: 'there is no wallet schema' };
    return resultOf<MachineCheck>(check, findings[name], durationMs);
  });
  for (const result of results) onResult?.(result);
  return results;
}

async function checkMachines(
  { onProgress }: MachineAuditDeps,
  store: MachineStore,
  ledger: Ledger | undefined,
): Promise<AllFindings> {
  const findings: AllFindings = {
    ...{ gapless: noFindings(), stock: noFindings(), ends: noFindings() },
    ...{ dispensed: noFindings(), putBack: noFindings(), charged: noFindings() },
  };
  const replays = new Map<string, Replay>();
  for (const machineId of await store.machineIds()) {
    const onPage = () => onProgress?.(MACHINE_CHECKS.gapless, findings.gapless.rows);
    replays.set(machineId, await checkMachine({ store, ledger, findings, onPage }, machineId));
  }
  if (!ledger) return findings;
  const isWithdrawal = async (machineId: string, id: string) => {
    const replay = replays.get(machineId) ?? newReplay(machineId);
    replays.set(machineId, replay);
    if (!replay.accountWithdrawalIds.has(id)) await readNewWithdrawals(store, replay);
    return replay.accountWithdrawalIds.has(id);
  };
  await findUnmatchedCharges(ledger, isWithdrawal, findings.charged, (rows) =>
    onProgress?.(MACHINE_CHECKS.charged, rows),
  );
  return findings;
}

/** Reads the tail, then the state, then the journal up to that state, then the payments of the withdrawals that ended in it. */
async function checkMachine(
  deps: { store: MachineStore; ledger: Ledger | undefined; findings: AllFindings; onPage: () => void },
  machineId: string,
): Promise<Replay> {
  const { store, ledger, findings, onPage } = deps;
  const tail = await store.readTail(machineId);
  const state = (await store.readState(machineId)) ?? NO_STATE;
  const replay = newReplay(machineId);
  // Whatever was in the journal before the state was read was written with that state or with an earlier one.
  for await (const records of store.readJournal(machineId, 0, Math.max(tail, state.sequence))) {
    for (const record of records) replayEntry(replay, record, findings);
    const ended = records.flatMap(({ entry }) => {
      const isEnded = entry?.type === 'withdrawal' && entry.accountId !== null && entry.status !== 'open';
      return isEnded && !Object.hasOwn(state.cancelling, entry.id) ? [entry] : [];
    });
    if (ledger) await compareEnded(ledger, machineId, ended, findings);
    onPage();
  }
  compareState(replay, state, findings);
  return replay;
}

/** Reads the withdrawals that have been opened since the journal was replayed. */
async function readNewWithdrawals(store: MachineStore, replay: Replay): Promise<void> {
  for await (const records of store.readJournal(replay.machineId, replay.sequence)) {
    for (const { entry } of records)
      if (entry?.type === 'withdrawal' && entry.accountId !== null) replay.accountWithdrawalIds.add(entry.id);
    replay.sequence = records.at(-1)!.sequence;
  }
}
