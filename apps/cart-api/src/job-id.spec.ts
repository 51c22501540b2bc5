import { jobIdOf } from './job-id';

const scope = { operationId: 'addToCart', actsFor: 'demo-customer' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([78])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('the same key for the same party on the same route identifies the same job', () => {
  expect(jobIdOf(scope, 'k')).toBe(jobIdOf({ ...scope }, 'k'));
  expect(UUID.exec(jobIdOf(scope, 'k'))?.[1]).toBe('8');
});

test.each([
  ['another key', scope, 'K'],
  ['another party', { ...scope, actsFor: 'demo-customer2' }, 'k'],
  ['another route', { ...scope, operationId: 'checkOutCart' }, 'k'],
  ['a party and a key that are the same only when concatenated', { ...scope, actsFor: 'demo-custome' }, 'rk'],
  ['a party that contains quotes and a comma', { ...scope, actsFor: 'demo-customer","k' }, ''],
])('%s identifies another job', (_name, otherScope, key) => {
  expect(jobIdOf(otherScope, key)).not.toBe(jobIdOf(scope, 'k'));
});

test('without a key, every job gets a new, time-ordered id', () => {
  const id = jobIdOf(scope, undefined);
  expect(UUID.exec(id)?.[1]).toBe('7');
  expect(jobIdOf(scope, undefined)).not.toBe(id);
});
