import { statusTable } from './status-table';

const healthy = {
  name: 'mysql',
  pid: 4711,
  port: 3316,
  state: 'running',
  isHealthy: true,
  detail: '',
  restarts: 0,
  lastEnd: '',
};

test('each process has a line with its state', () => {
  const table = statusTable([
    healthy,
    { ...healthy, name: 'redis', port: 6389, restarts: 2, lastEnd: 'killed by SIGKILL' },
    { ...healthy, name: 'cart-worker', pid: 12, port: 5103, isHealthy: false, detail: '503 {"mysql":"down"}' },
    {
      ...healthy,
      name: 'cart-api',
      pid: undefined,
      port: 5003,
      state: 'restarting',
      isHealthy: false,
      detail: 'exited with 1',
      restarts: 1,
      lastEnd: 'exited with 1',
    },
  ]);
  expect(table.split('\n')).toEqual([
    'NAME         PID   PORT  HEALTH',
    'mysql        4711  3316  healthy',
    'redis        4711  6389  healthy (2 restarts, last end: killed by SIGKILL)',
    'cart-worker  12    5103  not ready: 503 {"mysql":"down"}',
    'cart-api     -     5003  restarting (1 restart, last end: exited with 1)',
  ]);
});

test('without processes the table is only its header', () => {
  expect(statusTable([])).toBe('NAME  PID  PORT  HEALTH');
});
