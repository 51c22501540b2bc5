import { advise, isFailure, judge, renderJudgements } from './judge';

const NAME = 'adds, 64 connections';
const BASELINE = { [NAME]: { ratio: 2, floorSeconds: 1 } };
const judgeRatios = (...ratios: number[]) =>
  judge({ name: NAME, rounds: ratios.map((souk) => ({ souk, floor: 1 })) }, BASELINE);

test.each([
  ['more than 15 % above the baseline', [2.31, 2.31, 2.31], 'worse'],
  ['15 % above', [2.3, 2.3, 2.3], 'unchanged'],
  ['15 % below', [1.7, 1.7, 1.7], 'unchanged'],
  ['more than 15 % below', [1.69, 1.69, 1.69], 'better'],
])('a median %s is %j: %s', (_, ratios, verdict) => expect(judgeRatios(...ratios).verdict).toBe(verdict));

test('a single bad round has no effect', () => expect(judgeRatios(2, 2.1, 9).verdict).toBe('unchanged'));

test('scattered rounds are worse only if more than three quarters of them are', () => {
  expect(judgeRatios(2.2, 2.4, 2.5, 3).verdict).toBe('unchanged');
  expect(judgeRatios(2.31, 2.4, 2.5, 3).verdict).toBe('worse');
});

test('a case without a baseline fails', () => {
  const judgement = judge({ name: NAME, rounds: [{ souk: 2, floor: 1 }] }, {});
  expect(judgement.verdict).toBe('not in the baseline');
  expect(isFailure(judgement)).toBe(true);
});

test.each([0.69, 1.31])('a case is not comparable, and passes, if the floor needs %d times the CPU time', (floor) => {
  const judgement = judge({ name: NAME, rounds: [{ souk: 9 * floor, floor }] }, BASELINE);
  expect(judgement.verdict).toBe('not comparable');
  expect(isFailure(judgement)).toBe(false);
});

test('worse fails, better and unchanged pass', () =>
  expect([judgeRatios(3), judgeRatios(1), judgeRatios(2)].map(isFailure)).toEqual([true, false, false]));

test('the table shows ratio, baseline and change', () => {
  expect(renderJudgements([judgeRatios(3)])).toBe(
    [
      '| CPU time, Souk / floor | Verdict | Ratio | Baseline |  Change |',
      '| ---------------------- | ------- | ----: | -------: | ------: |',
      '| adds, 64 connections   | worse   |  3.00 |     2.00 | +50.0 % |',
    ].join('\n'),
  );
});

test('the advice says how to accept new figures, and mentions failures first', () => {
  expect(advise([judgeRatios(1), judgeRatios(3)])).toContain('compare its CPU tables');
  expect(advise([judgeRatios(2), judgeRatios(1)])).toContain('15 % less');
  expect(advise([judgeRatios(2)])).toBeUndefined();
});
