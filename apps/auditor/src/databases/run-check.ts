import { noFindings, type BrokenRow, type Findings } from '../check-result';
import type { Schemas, Snapshot } from '../schemas';
import type { Check } from './check';
import { readPage, type Key, type Page } from './read-page';

/** Maximum number of broken rows counted per page; any more are ignored. */
const BROKEN_PER_PAGE_MAX = 1_000;

/**
 * Checks every row of the table that a check walks, one page at a time, so that neither a statement nor this process ever holds
 * more than a page.
 * @param keptMax maximum number of broken rows to keep; any more are only counted
 * @param onPage called with the number of rows checked so far
 */
export async function runCheck(
  snapshot: Snapshot,
  check: Check,
  schemas: Schemas,
  { keptMax, onPage }: { keptMax: number; onPage?: (rows: number) => void },
): Promise<Findings> {
  const findings = noFindings();
  let page = await readPage(snapshot, check.walks, schemas);
  while (page) {
    const broken = await findBroken(snapshot, check, schemas, page.bounds);
    findings.rows += page.rows;
    findings.brokenCount += broken.length;
    findings.broken.push(...broken.slice(0, keptMax - findings.broken.length));
    onPage?.(findings.rows);
    page = page.isLast ? undefined : await readPage(snapshot, check.walks, schemas, page);
  }
  return findings;
}

/** Checks some rows again, by their keys. @returns those that still break the promise */
export async function recheckRows(
  snapshot: Snapshot,
  check: Check,
  schemas: Schemas,
  keys: readonly Key[],
): Promise<BrokenRow[]> {
  const broken: BrokenRow[] = [];
  for (const key of keys) broken.push(...(await findBroken(snapshot, check, schemas, { first: key, last: key })));
  return broken;
}

function findBroken(snapshot: Snapshot, check: Check, schemas: Schemas, bounds: Page['bounds']): Promise<BrokenRow[]> {
  const values: unknown[] = [];
  const sql = check.broken(schemas).replace(/:(first|last)(Place)?\b/g, (name) => {
    values.push(bounds[name.slice(1) as keyof Page['bounds']]);
    return '?';
  });
  return snapshot.rows<BrokenRow>(`${sql} LIMIT ${BROKEN_PER_PAGE_MAX}`, values);
}
