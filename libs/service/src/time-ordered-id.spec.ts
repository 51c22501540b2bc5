import { timeOrderedId } from './time-ordered-id';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are version 7 UUIDs, and no two are the same', () => {
  const ids = Array.from({ length: 1_000 }, timeOrderedId);
  for (const id of ids) expect(id).toMatch(UUID_V7);
  expect(new Set(ids).size).toBe(1_000);
});

test('an id begins with the time in milliseconds, so ids of a later millisecond sort later', () => {
  const now = jest.spyOn(Date, 'now');
  const idAt = (timeMs: number) => (now.mockReturnValue(timeMs), timeOrderedId());
  const times = [0, 1, 0xffff, 0x1_0000, 0x19_0000_0000, 1_764_400_000_000, 0xffff_ffff_ffff];
  const ids = times.map(idAt);
  now.mockRestore();
  expect(ids.map((id) => parseInt(id.replaceAll('-', '').slice(0, 12), 16))).toEqual(times);
  expect([...ids].sort()).toEqual(ids);
});
