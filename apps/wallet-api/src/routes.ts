import {
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
import { invalidCursorAnswer, type Answer, type HttpApp } from '@souk/http';
import type { AccountStore } from './accounts/account-store';
import { openAccount } from './accounts/open-account';
import { balanceAt, findAccount, findWallet } from './accounts/read-account';
import { readStatement } from './accounts/read-statement';
import {
  answer,
  presentAccount,
  presentAccountTransaction,
  presentBalance,
  presentLine,
  presentOperation,
  presentTransaction,
  presentWallet,
} from './answers';
import type { Lane } from './ledger/lane';
import { requestOriginOf, type RequestOrigin } from './request-origin';
import { credit, debit, replenish } from './transactions/external-transactions';
import { performOperation } from './transactions/perform-operation';
import { transfer } from './transactions/transfer';

interface RouteDeps {
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
    handle: (input: RouteInput<Route>, origin: RequestOrigin) => Promise<Answer>,
  ) =>
    http.bind(route, async (input, facts) => {
      deps.requireReady();
      return handle(input, requestOriginOf(route, input, facts));
    });
  bindAccounts(bind, deps);
  bindTransfers(bind, deps);
  bindWallets(bind, deps);
}

type Bind = <Route extends RouteDeclaration>(
  route: Route,
  handle: (input: RouteInput<Route>, origin: RequestOrigin) => Promise<Answer>,
) => void;

/** Accounts, with credit and debit. */
function bindAccounts(bind: Bind, { lane, accounts }: RouteDeps): void {
  bind(createAccountRoute, async ({ body }, origin) => {
    const { name = null, reference = null, initial_balance: initialBalance = 0n } = body;
    const result = await openAccount(lane, { name, reference, initialBalance, ...origin });
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

  bind(creditRoute, async ({ body }, origin) =>
    answer(
      await credit(lane, { accountId: body.account_id, amount: body.amount, ...origin }),
      presentAccountTransaction,
    ),
  );

  bind(debitRoute, async ({ body }, origin) =>
    answer(
      await debit(lane, { accountId: body.account_id, amount: body.amount, ...origin }),
      presentAccountTransaction,
    ),
  );
}

/** Wallets of accounts, with replenish and transfer. */
function bindTransfers(bind: Bind, { lane }: RouteDeps): void {
  bind(replenishRoute, async ({ params, body }, origin) => {
    const result = await replenish(lane, { walletId: params.id, amount: body.amount, ...origin });
    return answer(result, ({ transaction }) => presentTransaction(transaction));
  });

  bind(transferRoute, async ({ body }, origin) => {
    const wallets = { fromWalletId: body.from_wallet_id, toWalletId: body.to_wallet_id };
    const result = await transfer(lane, { ...wallets, amount: body.amount, ...origin });
    return answer(result, ({ transaction }) => presentTransaction(transaction));
  });
}

/** `/api/v1/wallets`, with operations. */
function bindWallets(bind: Bind, { lane, accounts }: RouteDeps): void {
  bind(createWalletRoute, async (_input, origin) => {
    const result = await openAccount(lane, { name: null, reference: null, initialBalance: 0n, ...origin });
    return answer(result, ({ account }) => presentWallet(account.wallet));
  });

  bind(getWalletRoute, async ({ params }) =>
    answer(await findWallet(accounts, params.wallet_id), ({ wallet }) => presentWallet(wallet)),
  );

  bind(walletOperationRoute, async ({ params, body }, origin) => {
    const operation = { walletId: params.wallet_id, operationType: body.operation_type, amount: body.amount };
    return answer(await performOperation(lane, { ...operation, ...origin }), (result) =>
      presentOperation(result.operation),
    );
  });
}
