import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage', 'tmp', '.git', '.nx', '.souk']);

/** @returns the paths of all files with this extension below a folder, without those of packages, builds and running systems */
export function findFiles(folder: string, extension: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : findFiles(path, extension);
    return extname(entry.name) === extension ? [path] : [];
  });
}

/** @returns the targets of all inline links, images and link definitions of a page, except those in code */
export function linkTargets(page: string): string[] {
  const text = withoutCode(page);
  const inline = [...text.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const definitions = [...text.matchAll(/^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/gm)];
  return [...inline, ...definitions].map(([, target]) => target!);
}

/** @returns the anchors of a page's headings, as GitHub derives them */
export function headingAnchors(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of withoutFences(page).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const anchor = anchorOf(heading!);
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** @returns each relative link of a page whose file or heading doesn't exist, with the reason */
export function brokenLinks(file: string, root: string): string[] {
  return linkTargets(readFileSync(file, 'utf8')).flatMap((target) => {
    const problem = problemOf(target, file, root);
    return problem ? [`${relative(root, file)}: ${target} (${problem})`] : [];
  });
}

function problemOf(target: string, file: string, root: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined; // another site
  const [path = '', anchor] = target.split('#').map(decodeURIComponent);
  const linked = path === '' ? file : resolve(dirname(file), path);
  if (relative(root, linked).startsWith('..')) return 'outside the repository';
  if (!existsSync(linked)) return 'no such file';
  if (anchor === undefined || extname(linked) !== '.md') return undefined;
  return headingAnchors(readFileSync(linked, 'utf8')).has(anchor) ? undefined : 'no such heading';
}

const withoutFences = (page: string) => page.replace(/^(\s*)(```+|~~~+)[^\n]*\n[\s\S]*?^\s*\2[^\n]*$/gm, '');
const withoutCode = (page: string) => withoutFences(page).replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');

const anchorOf = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1') // the text of a link
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
