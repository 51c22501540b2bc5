import { ATM_API_ROUTES, LEGACY_MAINTENANCE_ROUTES } from '@souk/contracts';
import { askRoutes, type Ask } from '@souk/testing';

/** @returns a client of the ATM API that checks every response against its route's declaration */
export const askAtm = (url: string): Ask => askRoutes(url, [...ATM_API_ROUTES, ...LEGACY_MAINTENANCE_ROUTES]);

interface Entry {
  type: string;
  status: string | null;
  amount: number;
  pieces: Record<string, number>;
  change: Record<string, number>;
  sequence: number;
  idempotency_key: string | null;
}

/** The whole journal, oldest first, read page by page. */
export async function readWholeJournal(ask: Ask, path = '/atm/journal', limit = 500): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after = ''; ;) {
    const reply = await ask(`GET ${path as '/'}?limit=${limit}${after && `&after=${after}`}`);
    const { items, next } = reply.body as { items: Entry[]; next: string | null };
    entries.push(...items);
    if (next === null) return entries.reverse();
    after = next;
  }
}

/** @returns the stock according to the journal, without zero counts */
export function stockByJournal(entries: readonly Pick<Entry, 'change'>[]): Record<string, number> {
  const stock: Record<string, number> = {};
  for (const { change } of entries)
    for (const [text, difference] of Object.entries(change)) stock[text] = (stock[text] ?? 0) + difference;
  return Object.fromEntries(Object.entries(stock).filter(([, count]) => count !== 0));
}

/** @returns the stock according to the inventory */
export async function stockByInventory(ask: Ask, path = '/atm/inventory'): Promise<Record<string, number>> {
  const { result } = (await ask(`GET ${path as '/'}`)).body as {
    result: Record<'bills' | 'coins', Record<string, number>>;
  };
  return { ...result.bills, ...result.coins };
}
