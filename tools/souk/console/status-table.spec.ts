import { statusTable } from './status-table';

const healthy = {
  name: 'mysql',
  pid: 4711,
  port: 3316,
  state: 'running',
  isHealthy: true,
  detail: '',
  restarts: 0,
  lastExit: '',
};

test('each process has a line with its health and its restarts', () => {
  const table = statusTable([
    healthy,
    { ...healthy, name: 'redis', port: 6389, restarts: 2, lastExit: 'killed by SIGKILL' },
    { ...healthy, name: 'cart-worker', pid: 12, port: 5103, isHealthy: false, detail: '503 {"mysql":"down"}' },
    {
      ...healthy,
      name: 'cart-api',
      pid: undefined,
      port: 5003,
      state: 'restarting',
      isHealthy: false,
      detail: 'exited with code 1',
      restarts: 1,
      lastExit: 'exited with code 1',
    },
  ]);
  expect(table.split('\n')).toEqual([
    'NAME         PID   PORT  HEALTH',
    'mysql        4711  3316  healthy',
    'redis        4711  6389  healthy (2 restarts, last exit: killed by SIGKILL)',
    'cart-worker  12    5103  not ready: 503 {"mysql":"down"}',
    'cart-api     -     5003  restarting (1 restart, last exit: exited with code 1)',
  ]);
});

test('with no processes, only the header is printed', () => {
  expect(statusTable([])).toBe('NAME  PID  PORT  HEALTH');
});
