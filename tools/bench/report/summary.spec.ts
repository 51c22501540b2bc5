import { summarize } from './summary';
import type { SideResult, Throughput } from './results';

const throughput = (completedPerSecond: number, rest: Partial<Throughput> = {}): Throughput => ({
  ...{ completedPerSecond, acceptedPerSecond: completedPerSecond, p50Ms: 1, p99Ms: 2, failed: 0, queueDepth: 0 },
  ...{ cpuPer1000: {}, batchSizes: {} },
  ...rest,
});
const side = (name: SideResult['side'], rounds: Throughput[], latency: SideResult['latency'] = []): SideResult => ({
  ...{ side: name, throughput: rounds, latency },
});
const caseOf = (...sides: SideResult[]) => ({
  ...{ name: 'adds, 64 connections', scenario: 'adds' as const, connections: 64, sides },
});

test('figures are medians over the rounds, failures a sum', () => {
  const rounds = [throughput(10, { failed: 1 }), throughput(40, { failed: 2 }), throughput(20)];
  const [souk] = summarize(
    caseOf(side('souk', rounds), side('floor', [throughput(20), throughput(20), throughput(80)])),
    [],
  );
  expect(souk).toMatchObject({ completedPerSecond: 20, failed: 3, ratio: 0.5, fixedRate: undefined });
});

test('the floor is its own measure', () => {
  const [, floor] = summarize(caseOf(side('souk', [throughput(3)]), side('floor', [throughput(20)])), []);
  expect(floor).toMatchObject({ ratio: 1, isReference: true });
});

test("without a floor, the scenario's first case is the measure, round by round", () => {
  const first = caseOf(side('souk', [throughput(10), throughput(40), throughput(20)]));
  const second = caseOf(side('souk', [throughput(5), throughput(10), throughput(30)]));
  const unrelated = { ...first, scenario: 'deposits' as const };
  const [firstSouk, secondSouk] = [first, second].flatMap((each) => summarize(each, [unrelated, first, second]));
  expect(firstSouk).toMatchObject({ ratio: 1, isReference: true });
  expect(secondSouk).toMatchObject({ ratio: 0.5, isReference: false });
});

test('a process or a queue that some rounds did not have is summarised from the others', () => {
  const rounds = [throughput(1, { cpuPer1000: { api: 1 } }), throughput(1, { cpuPer1000: { api: 3, worker: 5 } })];
  const [souk] = summarize(caseOf(side('souk', rounds)), []);
  expect(souk!.cpuPer1000).toEqual({ api: 2, worker: 5 });
});

test('latencies at a fixed rate are summarised on their own', () => {
  const latency = [1, 2, 9].map((p99Ms) => ({ ratePerSecond: 100, p50Ms: 1, p99Ms, failed: 1 }));
  const [souk] = summarize(caseOf(side('souk', [throughput(1)], latency)), []);
  expect(souk!.fixedRate).toEqual({ ratePerSecond: 100, p50Ms: 1, p99Ms: 2, failed: 3 });
});
