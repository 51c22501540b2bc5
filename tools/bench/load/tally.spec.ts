import { createTally } from './tally';

test('an operation is completed by 200 only, accepted by any 2xx, and failed by anything else', () => {
  const tally = createTally();
  tally.add([200, 200], 1);
  tally.add([200, 202], 2);
  tally.add([200, 409], 3);
  tally.add([0, 200], 4);
  expect(tally.result(2)).toEqual({ accepted: 2, completed: 1, failed: 2, seconds: 2, p50Ms: 2, p99Ms: 4 });
});
