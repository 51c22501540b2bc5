import {
  ATM_FAILURES,
  LEGACY_MAINTENANCE_ROUTES,
  MACHINE_ROUTES,
  MAIN_MACHINE,
  type MachineRoutes,
  type RouteDeclaration,
  type RouteInput,
} from '@souk/contracts';
import { invalidCursorAnswer, type Answer, type HttpApp } from '@souk/http';
import { randomUUID } from 'node:crypto';
import {
  answerOutcome,
  answerUnknownMachine,
  fieldFault,
  limitExceeded,
  presentInventory,
  presentTotal,
  unknownDenomination,
} from './answers';
import { askedBy, type Asked } from './asked';
import type { AtmMetrics } from './atm-metrics';
import type { Command, Settled } from './machine/commands';
import type { Machine } from './machine/machine';
import type { Outcome } from './machine/machine-state';
import type { MachineSettings } from './machines';
import { readJournal } from './read-journal';
import type { MachineStore } from './store/machine-store';
import { askDispensable } from './withdrawals/ask-dispensable';
import { withdrawFromAccount, type WithdrawDeps, type WithdrawResult } from './withdrawals/withdraw';

export interface RouteDeps {
  machines: ReadonlyMap<string, Machine>;
  store: MachineStore;
  /** Absent if no wallet is configured. */
  accounts: WithdrawDeps | undefined;
  metrics: AtmMetrics;
  takesLegacyGet: boolean;
}

type Handle<Route extends RouteDeclaration> = (
  machine: Machine,
  input: RouteInput<Route>,
  asked: Asked,
) => Promise<Answer>;
/** Validates against the settings of the machine. @throws HttpFailure */
type Check<Route extends RouteDeclaration> = (settings: MachineSettings, input: RouteInput<Route>) => void;
type Bind = <Route extends RouteDeclaration>(route: Route, handle: Handle<Route>, check?: Check<Route>) => void;

/** Binds the routes of the contract (libs/contracts, atm-routes) to the use cases. */
export function bindRoutes(http: HttpApp, deps: RouteDeps): void {
  const machineOf = ({ params }: { params: unknown }) =>
    deps.machines.get((params as { machineID?: string }).machineID ?? MAIN_MACHINE);
  const bind: Bind = (route, handle, check) =>
    http.bind(
      route,
      async (input, facts) => {
        const machine = machineOf(input);
        return machine ? handle(machine, input, askedBy(route, input, facts)) : answerUnknownMachine();
      },
      (input) => {
        const machine = machineOf(input);
        if (machine) check?.(machine.settings, input);
      },
    );
  for (const routes of MACHINE_ROUTES) {
    bindChanges(bind, routes, deps);
    bindViews(bind, routes, deps);
  }
  if (deps.takesLegacyGet)
    for (const route of LEGACY_MAINTENANCE_ROUTES) bind(route, (machine, _input, asked) => maintain(machine, asked));
}

function bindChanges(bind: Bind, routes: MachineRoutes, { accounts, metrics }: RouteDeps): void {
  const withdraw: Handle<MachineRoutes['withdrawal']> = async (machine, { body }, asked) => {
    const { amount, account_id: accountId } = body;
    const result: WithdrawResult =
      accountId !== undefined && accounts
        ? await withdrawFromAccount(accounts, machine, { amount, accountId, ...asked })
        : toResult(await submit(machine, { kind: 'withdraw', id: randomUUID(), amount, actor: asked.actor }, asked));
    if (result.ok && result.outcome.kind === 'refused' && !result.isReplay)
      metrics.withdrawals.inc({ machine: machine.id, outcome: result.outcome.refusal.code });
    return answerOutcome(result);
  };
  bind(routes.withdrawal, withdraw, (settings, { body: { amount, account_id: accountId } }) => {
    if (amount > settings.limits.amountMax) throw limitExceeded(settings);
    if (accountId !== undefined && !accounts)
      throw fieldFault('account_id', 'is not taken here: the machine has no wallet to charge');
  });

  const refill: Handle<MachineRoutes['refill']> = async (machine, { body }, asked) => {
    const command = { kind: 'refill', id: randomUUID(), pieces: body.money, actor: asked.actor } as const;
    return answerOutcome(toResult(await submit(machine, command, asked)));
  };
  bind(routes.refill, refill, ({ denominations }, { body }) => {
    const known = new Set(denominations.map(({ text }) => text));
    const unknown = Object.keys(body.money).find((text) => !known.has(text));
    if (unknown !== undefined) throw unknownDenomination(unknown);
  });

  bind(routes.maintenance, (machine, _input, asked) => maintain(machine, asked));
}

async function maintain(machine: Machine, asked: Asked): Promise<Answer> {
  const command = { kind: 'reset', id: randomUUID(), actor: asked.actor } as const;
  return answerOutcome(toResult(await submit(machine, command, asked)));
}

const submit = ({ lane }: Machine, command: Command, { outcomeId, claim }: Asked) =>
  lane.submit({ command, outcomeId, ...(claim && { claim }) });

/** These commands settle at once, so the answer is always a final outcome. */
const toResult = (settled: Settled) =>
  (settled.ok
    ? { ok: true, outcome: settled.answer as Outcome, isReplay: settled.isReplay }
    : settled) as WithdrawResult;

function bindViews(bind: Bind, routes: MachineRoutes, { store }: RouteDeps): void {
  const stateOf = async ({ id }: Machine) => (await store.read(id, [])).state;
  const ok = (body: unknown): Answer => ({ status: 200, body });

  bind(routes.inventory, async (machine) => ok(presentInventory(await stateOf(machine), machine.settings)));

  bind(routes.total, async (machine) => ok(presentTotal(await stateOf(machine), machine.settings)));

  bind(routes.dispensable, async (machine, { query }) =>
    ok(askDispensable(await stateOf(machine), machine.settings, query.amount)),
  );

  bind(routes.journal, async (machine, { query }) => {
    const page = await readJournal(store, machine.id, query);
    return page ? ok(page) : invalidCursorAnswer(ATM_FAILURES.invalidField);
  });
}
