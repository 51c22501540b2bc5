import { MACHINE_ROUTES } from './atm-routes';
import type { RouteDeclaration } from './route';

/** Every route of the ATM API except `LEGACY_MAINTENANCE_ROUTES`, which are served only with `ATM_LEGACY_GET`. */
export const ATM_API_ROUTES: readonly RouteDeclaration[] = MACHINE_ROUTES.flatMap((routes) => Object.values(routes));

/** The heading of the ATM API's documentation. */
export const ATM_API_DESCRIPTION = {
  title: 'Souk ATM API',
  version: '1.0.0',
  description:
    'Cash machines: exact withdrawals with the fewest pieces, refills, and a journal from which the stock can be reckoned anew. ' +
    'Amounts in are decimal strings or numbers with at most two decimals, read by their text; amounts out are numbers, exact to ' +
    'the cent. The plain paths are those of machine `main`. Failures are problem details (RFC 9457) with `detail` and a stable ' +
    '`code`. A POST with an `Idempotency-Key` may be repeated without a second effect.',
};
