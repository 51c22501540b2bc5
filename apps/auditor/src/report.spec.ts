import type { CheckResult } from './check-result';
import type { Check } from './databases/check';
import { reportJson, resultText, summaryText } from './report';

const check: Check = {
  name: 'wallet-is-its-postings',
  promise: 'the amount of a wallet is the sum of its postings',
  reads: ['wallet'],
  walks: { schema: 'wallet', table: 'wallet', key: 'id' },
  broken: () => '',
};
const completed = { check, rows: 12_345, durationMs: 640 };
const ok: CheckResult = { ...completed, outcome: 'ok' };
const skipped: CheckResult = { check, outcome: 'skipped', reason: 'there is no wallet schema' };
const broken: CheckResult = {
  ...completed,
  outcome: 'broken',
  brokenCount: 23,
  broken: [{ id: 'w-1', amount: '8999999999999999991', sum: null, items: 'cup 1', at: new Date(0) }],
};

test('a check is reported in one line, with its row count and duration', () => {
  expect(resultText(ok)).toBe('ok       the amount of a wallet is the sum of its postings (12,345 rows, 0.6 s)');
  expect(resultText(skipped)).toBe(
    'skipped  the amount of a wallet is the sum of its postings: there is no wallet schema',
  );
});

test('broken rows are reported with their ids and figures, and with their total number', () => {
  expect(resultText(broken).split('\n')).toEqual([
    'BROKEN   the amount of a wallet is the sum of its postings (12,345 rows, 0.6 s) [wallet-is-its-postings]',
    '         w-1  amount=8999999999999999991  sum=-  items="cup 1"  at=1970-01-01T00:00:00.000Z',
    '         … the first 1 of at least 23',
  ]);
});

test('the summary counts checks and rows', () => {
  expect(summaryText([ok, skipped], 1_500)).toBe('2 checks: nothing is broken, 1 ok, 1 skipped; 12,345 rows in 1.5 s');
  expect(summaryText([ok, broken], 1_500)).toBe('2 checks: 1 broken, 1 ok, 0 skipped; 24,690 rows in 1.5 s');
});

test('the JSON report has the same content', () => {
  expect(JSON.parse(reportJson([broken, skipped], 1_500.4))).toMatchObject({
    ok: 0,
    broken: 1,
    skipped: 1,
    durationMs: 1_500,
    checks: [
      { name: check.name, outcome: 'broken', rows: 12_345, broken: [{ id: 'w-1', amount: '8999999999999999991' }] },
      { name: check.name, outcome: 'skipped', reason: 'there is no wallet schema' },
    ],
  });
});
