import {
  callerOf,
  createAccountRoute,
  createWalletRoute,
  creditRoute,
  debitRoute,
  getAccountRoute,
  getBalanceRoute,
  getWalletRoute,
  listAccountsRoute,
  listAccountTransactionsRoute,
  replenishRoute,
  transferRoute,
  WALLET_FAILURES,
  walletOperationRoute,
  type RouteDeclaration,
  type RouteInput,
} from '@souk/contracts';
import { keyIdsOf, invalidCursorAnswer, type Answer, type HttpApp, type RequestFacts } from '@souk/http';
import type { AccountStore } from './accounts/account-store';
import { findAccount, findWallet } from './accounts/find-account';
import { openAccount } from './accounts/open-account';
import { balanceAt, readStatement } from './accounts/read-statement';
import {
  answer,
  presentAccount,
  presentAccountCash,
  presentBalance,
  presentLine,
  presentOperation,
  presentTransaction,
  presentWallet,
} from './answers';
import type { Asked } from './asked';
import type { Lane } from './ledger/lane';
import { credit, debit, replenish } from './operations/move-cash';
import { operate } from './operations/operate';
import { transfer } from './operations/transfer';

export interface RouteDeps {
  lane: Lane;
  accounts: AccountStore;
  /** @throws AppError `unavailable` until the wallet is ready */
  requireReady(): void;
}

/** Binds the routes of the contract (libs/contracts, wallet-*-routes) to the use cases. */
export function bindRoutes(http: HttpApp, deps: RouteDeps): void {
  // Readiness is checked after validation, so that an invalid request is reported as such even while the wallet isn't ready.
  const bind = <Route extends RouteDeclaration>(
    route: Route,
    handle: (input: RouteInput<Route>, asked: Asked) => Promise<Answer>,
  ) =>
    http.bind(route, async (input, facts) => {
      deps.requireReady();
      return handle(input, askedBy(route, input, facts));
    });
  bindAccounts(bind, deps);
  bindTransfers(bind, deps);
  bindWallets(bind, deps);
}

type Bind = <Route extends RouteDeclaration>(
  route: Route,
  handle: (input: RouteInput<Route>, asked: Asked) => Promise<Answer>,
) => void;

/** The request's actor, and its idempotency key if it has one. */
function askedBy(
  route: RouteDeclaration,
  input: { params: unknown; body: unknown },
  { correlationId, idempotency, hasAdminKey }: RequestFacts,
): Asked {
  const origin = { actor: callerOf(route, input, { hasAdminKey }), correlationId };
  if (!idempotency) return origin;
  const { id, earlierIds } = keyIdsOf(route, input, idempotency.key);
  const key = {
    id: id.toString('hex'),
    earlierIds: earlierIds.map((earlierId) => earlierId.toString('hex')),
    fingerprint: idempotency.fingerprint,
  };
  return { ...origin, idempotency: key };
}

/** Accounts, with credit and debit. */
function bindAccounts(bind: Bind, { lane, accounts }: RouteDeps): void {
  bind(createAccountRoute, async ({ body }, asked) => {
    const { name = null, reference = null, initial_balance: initialBalance = 0n } = body;
    const result = await openAccount(lane, { name, reference, initialBalance, ...asked });
    return answer(result, ({ account }) => presentAccount(account));
  });

  bind(listAccountsRoute, async ({ query }) => {
    const account = await accounts.findByReference(query.reference);
    return { status: 200, body: { items: account ? [presentAccount(account)] : [], next: null } };
  });

  bind(getAccountRoute, async ({ params }) =>
    answer(await findAccount(accounts, params.id), ({ account }) => presentAccount(account)),
  );

  bind(getBalanceRoute, async ({ params, query }) => {
    const at = query.at === undefined ? undefined : new Date(query.at);
    return answer(await balanceAt(accounts, { accountId: params.id, at }), presentBalance);
  });

  bind(listAccountTransactionsRoute, async ({ params, query }) => {
    const result = await readStatement(accounts, { accountId: params.id, ...query });
    if (!result.ok && result.code === 'INVALID_CURSOR') return invalidCursorAnswer(WALLET_FAILURES.invalidField);
    return answer(result, ({ items, next }) => ({ items: items.map(presentLine), next }));
  });

  bind(creditRoute, async ({ body }, asked) =>
    answer(await credit(lane, { accountId: body.account_id, amount: body.amount, ...asked }), presentAccountCash),
  );

  bind(debitRoute, async ({ body }, asked) =>
    answer(await debit(lane, { accountId: body.account_id, amount: body.amount, ...asked }), presentAccountCash),
  );
}

/** Wallets of accounts, with replenish and transfer. */
function bindTransfers(bind: Bind, { lane }: RouteDeps): void {
  bind(replenishRoute, async ({ params, body }, asked) => {
    const result = await replenish(lane, { walletId: params.id, amount: body.amount, ...asked });
    return answer(result, ({ transaction }) => presentTransaction(transaction));
  });

  bind(transferRoute, async ({ body }, asked) => {
    const wallets = { fromWalletId: body.from_wallet_id, toWalletId: body.to_wallet_id };
    const result = await transfer(lane, { ...wallets, amount: body.amount, ...asked });
    return answer(result, ({ transaction }) => presentTransaction(transaction));
  });
}

/** `/api/v1/wallets`, with operations. */
function bindWallets(bind: Bind, { lane, accounts }: RouteDeps): void {
  bind(createWalletRoute, async (_input, asked) => {
    const result = await openAccount(lane, { name: null, reference: null, initialBalance: 0n, ...asked });
    return answer(result, ({ account }) => presentWallet(account.wallet));
  });

  bind(getWalletRoute, async ({ params }) =>
    answer(await findWallet(accounts, params.wallet_id), ({ wallet }) => presentWallet(wallet)),
  );

  bind(walletOperationRoute, async ({ params, body }, asked) => {
    const operation = { walletId: params.wallet_id, operationType: body.operation_type, amount: body.amount };
    return answer(await operate(lane, { ...operation, ...asked }), (done) => presentOperation(done.operation));
  });
}
