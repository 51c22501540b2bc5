import { cursorAfter, pageOf, pageStart } from './paging';

const newestFirst = (newest: number) => Array.from({ length: newest }, (_, index) => ({ sequence: newest - index }));

/** Simulates a store: returns the items below a sequence, newest first. */
const below = (items: readonly { sequence: number }[], start: number, limit: number) =>
  items.filter(({ sequence }) => sequence < start).slice(0, limit);

test.each([1, 2, 3, 7, 8])('pages of %i list each of seven items once, newest first', (limit) => {
  const items = newestFirst(7);
  const sequences: number[] = [];
  let after: string | undefined;
  do {
    const page = pageOf(below(items, pageStart(after)!, limit + 1), limit);
    sequences.push(...page.items.map(({ sequence }) => sequence));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(sequences).toEqual([7, 6, 5, 4, 3, 2, 1]);
});

test('an empty list has one page', () => {
  expect(pageOf([], 10)).toEqual({ items: [], next: null });
});

test('a cursor reads back as the sequence that it was written for', () => {
  for (const sequence of [1, 10, 999_999_999_999_999]) expect(pageStart(cursorAfter(sequence))).toBe(sequence);
});

test.each(['', '0', '01', '-1', '+1', 'x', '1e3', '1.5', ' 1', '1\0', '1'.repeat(16), '9'.repeat(30), '١'])(
  '%j is not a cursor',
  (after) => {
    expect(pageStart(after)).toBeUndefined();
  },
);
