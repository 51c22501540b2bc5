import { z } from 'zod';
import type { FailureDeclaration } from '../declaration/failure-declaration';
import { id } from '../declaration/fields';
import { after, limit } from '../declaration/paging';
import { declareRoute, type Party } from '../declaration/route';
import { WALLET_DEMO } from '../wallet/wallet-fields';
import { ATM_FAILURES, atmActFailures, atmCommandFailures, atmReadFailures } from './atm-failures';
import { machineID, refillMoney, withdrawalAmount } from './atm-fields';
import {
  dispensableSchema,
  inventorySchema,
  journalSchema,
  refillSchema,
  totalSchema,
  withdrawalSchema,
} from './atm-schemas';

/** The properties in which the routes at the plain paths differ from those with a machine id. */
interface RouteGroup {
  path: `/${string}`;
  tag: string;
  params: z.ZodType<{ machineID?: string }>;
  operationIdOf(name: string): string;
  failures: readonly FailureDeclaration[];
  /** Additional failures of a route that has no fields other than `params`. */
  paramFailures: readonly FailureDeclaration[];
}

const plainPaths: RouteGroup = {
  path: '/atm',
  tag: 'The machine',
  params: z.object({}),
  operationIdOf: (name) => name,
  failures: [],
  paramFailures: [],
};

const anyMachine: RouteGroup = {
  path: '/atm/:machineID',
  tag: 'Any machine',
  params: z.object({ machineID }),
  operationIdOf: (name) => `${name}OfMachine`,
  failures: [ATM_FAILURES.machineNotFound],
  paramFailures: [ATM_FAILURES.invalidField],
};

/** The machine that the plain paths refer to. */
export const MAIN_MACHINE = 'main';

const machineParty = ({ params }: { params: { machineID?: string } }): Party => ({
  kind: 'machine',
  id: params.machineID ?? MAIN_MACHINE,
});

const replayed = { headers: ['Idempotency-Replayed'] } as const;
const FULL = z.literal('full').meta({ description: 'The machine holds its initial stock' });

const withdrawalRoute = ({ path, tag, params, operationIdOf, failures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('withdraw'),
    method: 'post',
    path: `${path}/withdrawal`,
    tag,
    summary: 'Withdraw money from the machine',
    description:
      'Pays the exact amount with the fewest pieces. With `account_id`, the wallet of that account pays: the pieces are set ' +
      'aside and are dispensed only once the wallet is charged; otherwise they are put back.',
    params,
    body: z.object({
      amount: withdrawalAmount,
      account_id: id('The account whose wallet pays', WALLET_DEMO.accountId).optional(),
    }),
    example: { amount: 200.9 },
    isIdempotent: true,
    access: { scope: 'atm:use', customers: 'own', limit: 'money' },
    actsFor: ({ body }) => (body.account_id === undefined ? undefined : { kind: 'account', id: body.account_id }),
    actsForNoOneWhen: '`account_id` is absent',
    responses: {
      200: {
        description: 'The pieces that were dispensed',
        body: withdrawalSchema,
        ...replayed,
        examples: { dispensed: { requested_amount: 200.9, withdrawal: { BILL: { '200': 1 }, COIN: { '0.1': 9 } } } },
      },
      ...atmCommandFailures(
        ATM_FAILURES.paymentDeclined,
        ATM_FAILURES.accountNotFound,
        ...failures,
        ATM_FAILURES.amountNotPositive,
        ATM_FAILURES.invalidAmount,
        ATM_FAILURES.limitExceeded,
        ATM_FAILURES.tooManyCoins,
        ATM_FAILURES.insufficientFunds,
        ATM_FAILURES.notPayable,
        ATM_FAILURES.withdrawalExpired,
        ATM_FAILURES.keyInProgress,
      ),
    },
  });

const refillRoute = ({ path, tag, params, operationIdOf, failures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('refill'),
    method: 'post',
    path: `${path}/refill`,
    tag,
    summary: 'Put money into the machine: all of it or nothing',
    params,
    body: z.object({ money: refillMoney }),
    example: { money: { '0.1': 5, '20': 15, '100': 30 } },
    isIdempotent: true,
    access: { scope: 'atm:admin', customers: 'none', limit: 'admin' },
    actsFor: machineParty,
    responses: {
      200: { description: 'The pieces that were added', body: refillSchema, ...replayed },
      ...atmCommandFailures(...failures, ATM_FAILURES.unknownDenomination),
    },
  });

const inventoryRoute = ({ path, tag, params, operationIdOf, failures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('getInventory'),
    method: 'get',
    path: `${path}/inventory`,
    tag,
    summary: 'The pieces in the machine, without those set aside for open withdrawals',
    params,
    access: { scope: 'atm:use', customers: 'none', limit: 'read' },
    responses: {
      200: { description: 'Denominations with at least one piece', body: inventorySchema },
      ...atmReadFailures(...failures),
    },
  });

const totalRoute = ({ path, tag, params, operationIdOf, failures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('getTotal'),
    method: 'get',
    path: `${path}/total`,
    tag,
    summary: 'The total value of the pieces in the machine',
    params,
    access: { scope: 'atm:use', customers: 'none', limit: 'read' },
    responses: { 200: { description: 'The total', body: totalSchema }, ...atmReadFailures(...failures) },
  });

const maintenanceRoute = ({ path, tag, params, operationIdOf, failures, paramFailures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('maintain'),
    method: 'post',
    path: `${path}/maintenance`,
    tag,
    summary: 'Restore the initial stock of the machine',
    params,
    isIdempotent: true,
    access: { scope: 'atm:admin', customers: 'none', limit: 'admin' },
    actsFor: machineParty,
    responses: {
      200: { description: 'Done', body: FULL, ...replayed, examples: { done: 'full' } },
      ...atmActFailures(...failures, ...paramFailures, ATM_FAILURES.withdrawalOpen),
    },
  });

const legacyMaintenanceRoute = ({ path, tag, params, operationIdOf, failures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('maintainByGet'),
    method: 'get',
    path: `${path}/maintenance`,
    tag,
    summary: 'Restore the initial stock by GET, for old clients; served only with `ATM_LEGACY_GET`',
    params,
    access: { scope: 'atm:admin', customers: 'none', limit: 'admin' },
    changesOnGet: true,
    responses: {
      200: { description: 'Done', body: FULL, examples: { done: 'full' } },
      ...atmReadFailures(...failures, ATM_FAILURES.withdrawalOpen),
    },
  });

const dispensableRoute = ({ path, tag, params, operationIdOf, failures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('askDispensable'),
    method: 'get',
    path: `${path}/dispensable`,
    tag,
    summary: 'Check whether an amount can be withdrawn now, and in which pieces; changes nothing',
    params,
    query: z.object({ amount: withdrawalAmount }),
    access: { scope: 'atm:use', customers: 'all', limit: 'read' },
    responses: {
      200: {
        description: 'The pieces, or the reason and the nearest amounts that can be withdrawn',
        body: dispensableSchema,
      },
      ...atmReadFailures(...failures, ATM_FAILURES.amountNotPositive, ATM_FAILURES.invalidAmount),
    },
  });

const journalRoute = ({ path, tag, params, operationIdOf, failures }: RouteGroup) =>
  declareRoute({
    operationId: operationIdOf('getJournal'),
    method: 'get',
    path: `${path}/journal`,
    tag,
    summary: 'Every withdrawal, refill and reset, newest first',
    description: 'Entries are only added, never changed. The sum of all changes is the stock.',
    params,
    query: z.object({ after, limit }),
    access: { scope: 'atm:admin', customers: 'none', limit: 'read' },
    responses: {
      200: { description: 'A page of the journal', body: journalSchema },
      ...atmReadFailures(...failures),
    },
  });

const routesOf = (group: RouteGroup) => ({
  withdrawal: withdrawalRoute(group),
  refill: refillRoute(group),
  inventory: inventoryRoute(group),
  total: totalRoute(group),
  maintenance: maintenanceRoute(group),
  dispensable: dispensableRoute(group),
  journal: journalRoute(group),
});

/** The routes of one machine. */
export type MachineRoutes = ReturnType<typeof routesOf>;

/** The routes at the plain paths, which refer to machine `main`, and those with a machine id. */
export const MACHINE_ROUTES: readonly MachineRoutes[] = [routesOf(plainPaths), routesOf(anyMachine)];

/** `GET …/maintenance`, in both groups. */
export const LEGACY_MAINTENANCE_ROUTES = [legacyMaintenanceRoute(plainPaths), legacyMaintenanceRoute(anyMachine)];
