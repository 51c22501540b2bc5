import { cpuPer1000, parseStat, readCpuSeconds } from './cpu-time';

test('the name of a process may contain spaces and parentheses', () => {
  const stat = '42 (a b) c) S 7 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 11 0 1 2 3';
  expect(parseStat(stat)).toEqual({ parent: 7, seconds: 3 });
});

test('CPU time is related to 1,000 operations', () => {
  expect(cpuPer1000({ api: 1, engine: 5 }, { api: 3, engine: 5 }, 4_000)).toEqual({ api: 0.5, engine: 0 });
});

test('this process uses CPU time', () => {
  const before = readCpuSeconds({ self: process.pid });
  if (process.platform !== 'linux') return expect(before).toEqual({});
  expect(before['self']).toBeGreaterThan(0);
});
