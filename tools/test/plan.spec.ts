import { describePlan, planRun } from './plan.mjs';

const UNIT = 'libs/money/src/money.spec.ts';
const INTEGRATION = 'libs/database/src/migrator.int-spec.ts';
const SCENARIO = 'apps/e2e/src/promises.e2e-spec.ts';

test('each file is planned according to its name', () => {
  expect(planRun([SCENARIO, INTEGRATION, UNIT])).toEqual({
    ...{ unit: [UNIT], integration: [INTEGRATION], scenarios: [SCENARIO] },
  });
});

test.each([
  [[UNIT], `Running 1 test file (1 unit); no engines, no build.\n  ${UNIT}`],
  [[INTEGRATION], `Running 1 test file (1 integration); starts the test engines, no build.\n  ${INTEGRATION}`],
  [[SCENARIO], `Running 1 test file (1 scenario); no engines, builds the apps.\n  ${SCENARIO}`],
  [
    [SCENARIO, UNIT],
    `Running 2 test files (1 unit, 1 scenario); no engines, builds the apps.\n  ${UNIT}\n  ${SCENARIO}`,
  ],
])('the description names the files and the preparation: %j', (files, text) => {
  expect(describePlan(planRun(files))).toBe(text);
});

test('many files are counted, not listed', () => {
  const files = Array.from({ length: 100 }, (_, index) => `libs/x/src/x${index}.spec.ts`);
  expect(describePlan(planRun(files))).toBe('Running 100 test files (100 unit); no engines, no build.');
});
