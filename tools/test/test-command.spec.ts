import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../souk/machine/paths';

const MONEY = 'libs/money/src/money.spec.ts';

function npmTest(...args: string[]) {
  const { NODE_OPTIONS: _options, JEST_WORKER_ID: _worker, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'tools/run.mjs'), 'tools/test.mjs', ...args],
    {
      ...{ cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 },
    },
  );
  return { status, output: `${stdout}\n${stderr}`, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

jest.setTimeout(90_000);

test('a path runs only that file, without engines or a build, and says so', () => {
  const { status, output, lastLine } = npmTest(MONEY);
  expect([status, lastLine]).toEqual([0, expect.stringMatching(/^[1-9]\d* passed, 0 failed$/)]);
  expect(output).toContain(`Running 1 test file (1 unit); no engines, no build.\n  ${MONEY}\n`);
  expect(output.match(/^(PASS|FAIL) .*/gm)).toEqual([expect.stringContaining(MONEY)]);
  expect(output).not.toMatch(/Building|Starting/);
});

test.each([
  [[MONEY, 'no-such-file'], 'No test file matches "no-such-file".'],
  [['--e2e', 'libs/money'], 'No test file matches "libs/money".'],
  [['--engines', 'containers', MONEY], `No test file matches "${MONEY}".`],
  [['--engines', 'elsewhere', MONEY], '--engines takes one value: containers.'],
  [['--images', 'redis:7.2', MONEY], '--images needs --docker or --engines containers.'],
  [[MONEY, '-t', 'no such test'], 'No test name matches.'],
])('%j fails with a reason', (args, message) => {
  const { status, output, lastLine } = npmTest(...args);
  expect([status, lastLine]).toEqual([1, '0 passed, 0 failed']);
  expect(output).toContain(message);
});
