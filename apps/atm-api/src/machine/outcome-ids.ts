import type { Submission } from './commands';
import type { StoredOutcome } from './machine-state';

/*
 * An outcome is stored under its key's id. Copies are stored under the ids that processes of an earlier release look up, so that
 * they don't repeat its effect. An entry that such a process has stored there isn't a copy and is replayed for the key.
 */

type OutcomeLookup = (id: string) => StoredOutcome | undefined;

/** @returns every id under which the outcome of a submission may be stored */
export const idsOf = ({ outcomeId, claim }: Submission): string[] => [outcomeId, ...(claim?.earlierIds ?? [])];

/** @returns the id under which the outcome of a submission is already stored, ignoring copies */
export function usedIdOf({ outcomeId, claim }: Submission, lookUp: OutcomeLookup): string | undefined {
  if (lookUp(outcomeId)) return outcomeId;
  return claim?.earlierIds?.find((id) => {
    const outcome = lookUp(id);
    return outcome && outcome.copyOf === undefined;
  });
}

/** @returns the earlier ids of a submission under which no copy for another key is stored */
export const freeEarlierIds = ({ outcomeId, claim }: Submission, lookUp: OutcomeLookup): string[] =>
  (claim?.earlierIds ?? []).filter((id) => [undefined, outcomeId].includes(lookUp(id)?.copyOf));

/** @returns the entries to store for a new outcome, by id; `null` for those to delete */
export function withCopies(
  outcomeId: string,
  outcome: StoredOutcome | null,
  copyIds: readonly string[],
): [string, StoredOutcome | null][] {
  if (!outcome) return [outcomeId, ...copyIds].map((id) => [id, null]);
  const { copyIds: _, ...copy } = outcome;
  return [
    [outcomeId, copyIds.length > 0 ? { ...copy, copyIds: [...copyIds] } : copy],
    ...copyIds.map((id): [string, StoredOutcome] => [id, { ...copy, copyOf: outcomeId }]),
  ];
}
