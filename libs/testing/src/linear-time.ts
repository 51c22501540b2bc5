const VALUE_LENGTH = 16 * 1024;
/** Far below the time of a quadratic parser, which takes at least 100 ms. */
const LINEAR_MS = 20;
/** The fastest of this many runs counts, because the machine may be busy. */
const ATTEMPTS_MAX = 10;

/** One character of each class that some grammar distinguishes. */
const CLASSES = [...' \ta0,;:="\\/+-.!?#%*()[]<\u00ff', '\r\n'];
/** Prefixes that take a parser deep into its grammar before the repetition. */
const BEGINNINGS = ['', 'a', 'a=', 'a="', 'a/b;', 'application/json;charset=', 'http://', '00-', 'Mon, 01 Jan 2024 '];

const repeated = (piece: string) => piece.repeat(VALUE_LENGTH / piece.length);

function* hostileValues(): Generator<string> {
  for (const beginning of BEGINNINGS) for (const character of CLASSES) yield `${beginning}${repeated(character)}b`;
  for (const first of CLASSES) for (const second of CLASSES) yield `${repeated(first + second)}b`;
}

function timeMs(parse: (value: string) => unknown, value: string): number {
  const startedAt = performance.now();
  try {
    parse(value);
  } catch {
    // A rejected value counts too.
  }
  return performance.now() - startedAt;
}

/**
 * Feeds a parser 16 KiB of every character class and of every pair of classes.
 * @throws Error naming a value that takes more than linear time
 */
export function expectLinearTime(parse: (value: string) => unknown): void {
  for (const value of hostileValues()) {
    let bestMs = Infinity;
    for (let attempt = 0; attempt < ATTEMPTS_MAX && bestMs > LINEAR_MS; attempt++) {
      bestMs = Math.min(bestMs, timeMs(parse, value));
    }
    if (bestMs > LINEAR_MS) throw new Error(`took ${bestMs} ms to parse ${JSON.stringify(value.slice(0, 40))}…`);
  }
}
