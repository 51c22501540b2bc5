import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brokenLinks, findFiles, headingAnchors, linkTargets } from './markdown';

const ROOT = resolve(__dirname, '../..');
const PAGES = findFiles(ROOT, '.md');
const SOURCES = ['apps', 'libs'].flatMap((folder) => findFiles(join(ROOT, folder), '.ts'));

describe('the pages of this repository', () => {
  test('have no broken relative link', () => {
    expect(PAGES.flatMap((page) => brokenLinks(page, ROOT))).toEqual([]);
  });

  const code = SOURCES.filter((file) => !file.endsWith('spec.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const quotes = (pattern: RegExp) =>
    PAGES.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(pattern)].map(([, quoted]) => quoted!));

  test('name only metrics that a process has', () => {
    const metrics = new Set(quotes(/`((?:souk|grpc)_[a-z_]+)\b/g));
    expect(metrics.size).toBeGreaterThan(20);
    expect([...metrics].filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });

  test('quote only log lines that a process writes', () => {
    const lines = new Set(quotes(/"msg":"([^"]+)"/g));
    expect(lines.size).toBeGreaterThan(3);
    expect([...lines].filter((text) => !code.includes(text))).toEqual([]);
  });
});

test('links are found inline, as images and as definitions, but not in code', () => {
  const page = [
    '[one](a.md) and ![two](b.png "title")',
    '[three]: c.md#part',
    '`[code](d.md)` ``[`code`](e.md)``',
    '```sh',
    '[fenced](f.md)',
    '```',
    '[last](<g.md>)',
  ].join('\n');
  expect(linkTargets(page)).toEqual(['a.md', 'b.png', 'g.md', 'c.md#part']);
});

test('the anchor of a heading has its words in lower case, and a number if it repeats', () => {
  const page = '# What, now?\n## `code` and [link](x.md)\n## Same\n## Same\n```sh\n# no heading\n```\n';
  expect([...headingAnchors(page)]).toEqual(['what-now', 'code-and-link', 'same', 'same-1']);
});

describe('a link', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'souk-links-'));
    writeFileSync(join(folder, 'there.md'), '# A heading\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const brokenLinksWith = (link: string) => {
    const file = join(folder, 'page.md');
    writeFileSync(file, `# Page\n[text](${link})\n`);
    return brokenLinks(file, folder);
  };

  test.each(['there.md', 'there.md#a-heading', '#page', 'https://example.org/x.md#y', 'mailto:a@example.org'])(
    'to %s is valid',
    (link) => expect(brokenLinksWith(link)).toEqual([]),
  );

  test.each([
    ['gone.md', 'no such file'],
    ['there.md#another-heading', 'no such heading'],
    ['#another-heading', 'no such heading'],
    ['../outside.md', 'outside the repository'],
  ])('to %s is broken: %s', (link, problem) =>
    expect(brokenLinksWith(link)).toEqual([`page.md: ${link} (${problem})`]),
  );
});
