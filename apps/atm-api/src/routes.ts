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
import { answerResult, answerUnknownMachine, fieldError, limitExceeded, unknownDenomination } from './answers';
import type { AtmMetrics } from './atm-metrics';
import type { Command } from './machine/commands';
import type { Machine } from './machine/machine';
import type { MachineSettings } from './machine/machine-settings';
import { requestIdentityOf, type RequestIdentity } from './request-identity';
import type { MachineStore } from './store/machine-store';
import { viewDispensable, viewInventory, viewJournal, viewTotal } from './views';
import { withdrawFromAccount, type WithdrawDeps, type WithdrawResult } from './withdrawals/withdraw-from-account';

interface RouteDeps {
  machines: ReadonlyMap<string, Machine>;
  store: MachineStore;
  /** Absent if no wallet is configured. */
  accountWithdrawals: WithdrawDeps | undefined;
  metrics: AtmMetrics;
  allowsLegacyGet: boolean;
}

type Handle<Route extends RouteDeclaration> = (
  machine: Machine,
  input: RouteInput<Route>,
  request: RequestIdentity,
) => Promise<Answer>;
/** Validates the input against the machine's settings. @throws HttpFailure */
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
        return machine ? handle(machine, input, requestIdentityOf(route, input, facts)) : answerUnknownMachine();
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
  if (deps.allowsLegacyGet)
    for (const route of LEGACY_MAINTENANCE_ROUTES)
      bind(route, (machine, _input, request) => maintain(machine, request));
}

function bindChanges(bind: Bind, routes: MachineRoutes, { accountWithdrawals, metrics }: RouteDeps): void {
  const withdraw: Handle<MachineRoutes['withdrawal']> = async (machine, { body }, request) => {
    const { amount, account_id: accountId } = body;
    const result: WithdrawResult =
      accountId !== undefined && accountWithdrawals
        ? await withdrawFromAccount(accountWithdrawals, machine, { amount, accountId, ...request })
        : await submit(machine, { kind: 'withdraw', id: randomUUID(), amount, actor: request.actor }, request);
    if (result.ok && result.outcome.kind === 'refused' && !result.isReplay)
      metrics.withdrawals.inc({ machine: machine.id, outcome: result.outcome.refusal.code });
    return answerResult(result);
  };
  bind(routes.withdrawal, withdraw, (settings, { body: { amount, account_id: accountId } }) => {
    if (amount > settings.limits.amountMax) throw limitExceeded(settings);
    if (accountId !== undefined && !accountWithdrawals)
      throw fieldError('account_id', 'is not supported here, because no wallet is configured');
  });

  const refill: Handle<MachineRoutes['refill']> = async (machine, { body }, request) => {
    const command = { kind: 'refill', id: randomUUID(), pieces: body.money, actor: request.actor } as const;
    return answerResult(await submit(machine, command, request));
  };
  bind(routes.refill, refill, ({ denominations }, { body }) => {
    const supported = new Set(denominations.map(({ text }) => text));
    const unsupported = Object.keys(body.money).find((text) => !supported.has(text));
    if (unsupported !== undefined) throw unknownDenomination(unsupported);
  });

  bind(routes.maintenance, (machine, _input, request) => maintain(machine, request));
}

async function maintain(machine: Machine, request: RequestIdentity): Promise<Answer> {
  const command = { kind: 'reset', id: randomUUID(), actor: request.actor } as const;
  return answerResult(await submit(machine, command, request));
}

/** Submits a command without an account. Such a command is decided at once, so its outcome is final. */
async function submit(
  { lane }: Machine,
  command: Command,
  { outcomeId, claim }: RequestIdentity,
): Promise<WithdrawResult> {
  const result = await lane.submit({ command, outcomeId, ...(claim && { claim }) });
  if (!result.ok) return result;
  const { answer, isReplay } = result;
  switch (answer.kind) {
    case 'dispensed':
    case 'refilled':
    case 'reset':
    case 'refused':
      return { ok: true, outcome: answer, isReplay };
    case 'open':
    case 'done':
    case 'too_late':
    case 'queue_full':
      throw new Error(`unexpected answer to ${command.kind}: ${answer.kind}`);
  }
}

function bindViews(bind: Bind, routes: MachineRoutes, { store }: RouteDeps): void {
  const stateOf = async ({ id }: Machine) => (await store.read(id, [])).state;
  const ok = (body: unknown): Answer => ({ status: 200, body });

  bind(routes.inventory, async (machine) => ok(viewInventory(await stateOf(machine), machine.settings)));

  bind(routes.total, async (machine) => ok(viewTotal(await stateOf(machine), machine.settings)));

  bind(routes.dispensable, async (machine, { query }) =>
    ok(viewDispensable(await stateOf(machine), machine.settings, query.amount)),
  );

  bind(routes.journal, async (machine, { query }) => {
    const page = await viewJournal(store, machine.id, query);
    return page ? ok(page) : invalidCursorAnswer(ATM_FAILURES.invalidField);
  });
}
