/** The condition of an `If-Match`: the resource exists, or it has one of these versions. */
export type IfMatch = 'any version' | readonly string[];

/** An entity tag in a list, with the separators around it. */
const LISTED_TAG = /[ \t,]*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*(?:,|$)/y;

/**
 * Parses an `If-Match`. Weak tags never match, so they are omitted. Source: RFC 9110, 13.1.1 and 8.8.3.
 * @returns `undefined` if it is malformed
 */
export function parseIfMatch(header: string): IfMatch | undefined {
  if (header.trim() === '*') return 'any version';
  let end = header.length;
  while (end > 0 && ' \t,'.includes(header[end - 1]!)) end--;
  return end === 0 ? undefined : readTags(header.slice(0, end));
}

function readTags(list: string): readonly string[] | undefined {
  const versions: string[] = [];
  for (LISTED_TAG.lastIndex = 0; LISTED_TAG.lastIndex < list.length;) {
    const tag = LISTED_TAG.exec(list);
    if (!tag) return undefined;
    const [, weak, version] = tag;
    if (!weak) versions.push(version!);
  }
  return versions;
}

/** The `ETag` of a version. */
export const entityTagOf = (version: string): string => `"${version}"`;
