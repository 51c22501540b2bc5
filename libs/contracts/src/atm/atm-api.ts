import type { RouteDeclaration } from '../declaration/route';
import { MACHINE_ROUTES } from './atm-routes';

/** Every route of the ATM API except `LEGACY_MAINTENANCE_ROUTES`, which are served only with `ATM_LEGACY_GET`. */
export const ATM_API_ROUTES: readonly RouteDeclaration[] = MACHINE_ROUTES.flatMap((routes) => Object.values(routes));

/** The heading of the ATM API's documentation. */
export const ATM_API_DESCRIPTION = {
  title: 'Souk ATM API',
  version: '1.0.0',
  description:
    'Cash machines: exact withdrawals with the fewest pieces (bills and coins), refills, and a journal from which the stock can ' +
    'be recalculated. Amounts in requests are decimal strings or numbers with at most two decimals and are never rounded; amounts ' +
    'in answers are numbers, exact to the cent. Paths without a machine id refer to machine `main`. Failures are problem details ' +
    '(RFC 9457) with `detail` and a stable `code`. A POST with an `Idempotency-Key` can be retried without a second effect.',
};
