/** An entry of `packages` in `package-lock.json`. */
interface LockedPackage {
  version?: string;
  license?: string;
  /** Whether only development needs it. */
  dev?: boolean;
}

/** Licences, as SPDX expressions, that let anybody use, change and distribute Souk under the MIT licence. */
const ACCEPTED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
]);

const INTRODUCTION = `# Licences

The packages that Souk needs at run time, by licence. The list comes from \`package-lock.json\`. The check of the
generated files fails if a package has a licence that [licences.ts](../tools/docs/licences.ts) doesn't accept. Souk itself is under the
[MIT licence](../LICENSE).
`;

/**
 * Lists the packages that are needed at run time.
 * @throws Error naming each package whose licence is missing or not accepted
 */
export function describeLicences({ packages }: { packages: Record<string, LockedPackage> }): string {
  const installed = Object.entries(packages).filter(([path, { dev }]) => path.startsWith('node_modules/') && !dev);
  const labelsByLicence = new Map<string, Set<string>>();
  for (const [path, { version, license = 'none' }] of installed) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const labels = labelsByLicence.get(license) ?? new Set();
    labelsByLicence.set(license, labels.add(`${name} ${version}`));
  }
  const licences = [...labelsByLicence.keys()].sort();
  const refused = licences.filter((licence) => !ACCEPTED.has(licence));
  if (refused.length > 0) {
    const lines = refused.map((licence) => `${licence}: ${[...labelsByLicence.get(licence)!].join(', ')}`);
    throw new Error(`packages with a licence that is missing or not accepted:\n${lines.join('\n')}`);
  }
  const sections = licences.map((licence) => {
    const items = [...labelsByLicence.get(licence)!].sort().map((label) => `- ${label}`);
    return `\n## ${licence}\n\n${items.join('\n')}\n`;
  });
  return INTRODUCTION + sections.join('');
}
