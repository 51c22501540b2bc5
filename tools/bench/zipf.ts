/**
 * @param exponent 0 makes all ranks equally likely; the higher it is, the more often the first ranks are drawn
 * @param random returns numbers from 0 to below 1
 * @returns a function that draws ranks from 0 to `count` - 1; rank r is drawn in proportion to 1 / (r + 1) ** exponent
 */
export function createZipf(count: number, exponent: number, random: () => number): () => number {
  let total = 0;
  const cumulative = Array.from({ length: count }, (_, rank) => (total += 1 / (rank + 1) ** exponent));
  return () => {
    const point = random() * total;
    return cumulative.findIndex((sum) => point < sum);
  };
}

/** @returns a function that draws numbers from 0 to below 1, the same ones for the same seed. Source: mulberry32, public domain */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
