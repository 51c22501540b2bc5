import type { Submission } from './commands';
import type { KeptOutcome } from './machine-state';

/*
 * An outcome is kept at the id of its key. Copies are kept at the ids that processes of an earlier release look for: they have
 * no second effect then. What such a process has kept there itself is no copy, and answers the key.
 */

export type KeptAt = (id: string) => KeptOutcome | undefined;

/** @returns every id at which the outcome of a submission may be kept */
export const idsOf = ({ outcomeId, claim }: Submission): string[] => [outcomeId, ...(claim?.earlierIds ?? [])];

/** @returns the id at which the outcome of a submission is kept already; not that of a copy */
export function usedIdOf({ outcomeId, claim }: Submission, keptAt: KeptAt): string | undefined {
  if (keptAt(outcomeId)) return outcomeId;
  return claim?.earlierIds?.find((id) => {
    const kept = keptAt(id);
    return kept && kept.copyOf === undefined;
  });
}

/** @returns the earlier ids of a submission at which no other key has a copy */
export const freeEarlierIds = ({ outcomeId, claim }: Submission, keptAt: KeptAt): string[] =>
  (claim?.earlierIds ?? []).filter((id) => [undefined, outcomeId].includes(keptAt(id)?.copyOf));

/** @returns what to keep of a new outcome, by id; `null` for what is to be forgotten */
export function withCopies(
  outcomeId: string,
  kept: KeptOutcome | null,
  copyIds: readonly string[],
): [string, KeptOutcome | null][] {
  if (!kept) return [outcomeId, ...copyIds].map((id) => [id, null]);
  const { copyIds: _, ...copy } = kept;
  return [
    [outcomeId, copyIds.length > 0 ? { ...copy, copyIds: [...copyIds] } : copy],
    ...copyIds.map((id): [string, KeptOutcome] => [id, { ...copy, copyOf: outcomeId }]),
  ];
}
