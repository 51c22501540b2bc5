import { limitSettings } from './limit-settings';

const parse = (text: string) => limitSettings.RATE_LIMITS.safeParse(text);

test('a configured limit replaces one default and leaves the others', () => {
  const defaults = parse('{}').data!;
  expect(parse('{"customer": {"checkout": 60, "read": false}}').data).toEqual({
    ...defaults,
    customer: { ...defaults.customer, checkout: 60, read: false },
  });
});

test('callers without credentials have no limits by default, except for failed authentication', () => {
  const { authentication, ...others } = parse('{}').data!.address;
  expect(authentication).toBeGreaterThan(0);
  expect(Object.values(others)).toEqual([false, false, false, false, false]);
});

test.each([
  'x',
  '[]',
  '1',
  '{"customers": {}}',
  '{"customer": {"writes": 1}}',
  '{"customer": {"authentication": 1}}',
  '{"customer": {"cart": 0}}',
  '{"customer": {"cart": -1}}',
  '{"customer": {"cart": 1.5}}',
  '{"customer": {"cart": "60"}}',
  '{"customer": {"cart": true}}',
])('%s is refused', (text) => {
  expect(parse(text).success).toBe(false);
});
