/** What `If-Match` asks of the thing to be changed: that it exists, or that it has one of these versions. */
export type IfMatch = 'any version' | readonly string[];

/** An entity tag with what stands around it in a list. */
const LISTED_TAG = /[ \t,]*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*(?:,|$)/y;

/**
 * Reads an `If-Match`. Weak tags never match, so they are left out. Source: RFC 9110, 13.1.1 and 8.8.3.
 * @returns `undefined` if it can't be read
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
    const found = LISTED_TAG.exec(list);
    if (!found) return undefined;
    const [, weak, version] = found;
    if (!weak) versions.push(version!);
  }
  return versions;
}

/** The `ETag` of a version. */
export const entityTagOf = (version: string): string => `"${version}"`;
