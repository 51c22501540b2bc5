import engines from './supported-engines.json';

export type EngineName = keyof typeof engines;

/** The tested version range of each program, and the version below which it is known not to work. */
export const SUPPORTED_ENGINES: Readonly<
  Record<EngineName, { name: string; oldest: string; newest: string; refusedBelow: string; reason: string }>
> = engines;

/** @returns a text such as `MySQL 8.4 to 9.7` */
export function supportedRange(engine: EngineName): string {
  const { name, oldest, newest } = SUPPORTED_ENGINES[engine];
  return `${name} ${oldest} to ${newest}`;
}

/** The problem with an engine's version, if any. At most one property is set. */
export interface VersionVerdict {
  /** Why the version is known not to work. */
  refusal?: string;
  /** The version is outside the tested range. */
  warning?: string;
}

/** @param version as the engine reports it, such as `10.11.14-MariaDB-0+deb12u2`; `''` if it reports none */
export function judgeVersion(engine: EngineName, version: string): VersionVerdict {
  const { name, oldest, newest, refusedBelow, reason } = SUPPORTED_ENGINES[engine];
  const numbers = numbersOf(version);
  const program = `${name} ${version || 'of an unknown version'}`;
  const range = `Souk is tested with ${supportedRange(engine)}`;
  if (numbers.length === 0) return { warning: `${program}: ${range}` };
  if (compare(numbers, numbersOf(refusedBelow)) < 0)
    return { refusal: `${program} does not work: ${reason}; ${range}` };
  const isTested = isWithin(numbers, numbersOf(oldest), numbersOf(newest));
  return isTested ? {} : { warning: `${program}: ${range}` };
}

const numbersOf = (version: string): number[] => (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number); // prettier-ignore

/** A patch release of the newest series is also within the range. */
function isWithin(numbers: readonly number[], oldest: readonly number[], newest: readonly number[]): boolean {
  return compare(numbers, oldest) >= 0 && compare(numbers.slice(0, newest.length), newest) <= 0;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
