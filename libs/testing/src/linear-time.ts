const VALUE_LENGTH = 16 * 1024;
/** A parser whose time grows with the square of the length takes 100 ms and more. */
const LINEAR_MS = 20;
/** The best of so many counts: the machine may be busy with something else. */
const ATTEMPTS_MAX = 10;

/** One character of each kind that some grammar tells apart. */
const CLASSES = [...' \ta0,;:="\\/+-.!?#%*()[]<\u00ff', '\r\n'];
/** What a value may begin with, so that a parser is deep inside it when the repetition comes. */
const BEGINNINGS = ['', 'a', 'a=', 'a="', 'a/b;', 'application/json;charset=', 'http://', '00-', 'Mon, 01 Jan 2024 '];

const repeated = (piece: string) => piece.repeat(VALUE_LENGTH / piece.length);

function* hostileValues(): Generator<string> {
  for (const beginning of BEGINNINGS) for (const one of CLASSES) yield `${beginning}${repeated(one)}b`;
  for (const one of CLASSES) for (const other of CLASSES) yield `${repeated(one + other)}b`;
}

function timeMs(parse: (value: string) => unknown, value: string): number {
  const startedAt = performance.now();
  try {
    parse(value);
  } catch {
    // A refusal is an answer too.
  }
  return performance.now() - startedAt;
}

/**
 * Feeds a parser 16 KiB of every character class, and of every two of them.
 * @throws Error with the value for which its time is more than linear
 */
export function expectLinearTime(parse: (value: string) => unknown): void {
  for (const value of hostileValues()) {
    let bestMs = Infinity;
    for (let attempt = 0; attempt < ATTEMPTS_MAX && bestMs > LINEAR_MS; attempt++) {
      bestMs = Math.min(bestMs, timeMs(parse, value));
    }
    if (bestMs > LINEAR_MS) throw new Error(`${bestMs} ms for ${JSON.stringify(value.slice(0, 40))}…`);
  }
}
