import { completeSettingsFile, readSettings } from '../settings/settings';
import { serveAnswer } from '../test/serve-answer';
import { temporaryHome } from '../test/temporary-home';
import { redeliver } from './redeliver';

const ACCOUNT = 'd0b5ffed-02ea-80d3-95ef-3a393b760f36';

/** Runs `redeliver` with a Monitoring API that gives this answer. */
function redeliverWhere(status: number, body: object) {
  return serveAnswer(status, body, (url) => {
    const home = temporaryHome();
    completeSettingsFile(home, { MONITORING_API_PORT: new URL(url).port, ADMIN_API_KEY: 'key' });
    return redeliver(readSettings(home), ACCOUNT);
  });
}

test('a redelivery is requested with the admin key, and the number of its deliveries is reported', async () => {
  const { requests, result } = await redeliverWhere(202, { redelivered: 3 });
  expect(requests).toEqual([
    expect.objectContaining({
      method: 'POST',
      url: `/accounts/${ACCOUNT}/deliveries/redeliver`,
      headers: expect.objectContaining({ 'x-api-key': 'key' }),
    }),
  ]);
  expect(result).toBe('Deliveries to retry: 3');
});

test('a refusal is reported with its answer', async () => {
  await expect(redeliverWhere(404, { code: 'WEBHOOK_NOT_FOUND' })).rejects.toThrow(
    /deliveries\/redeliver returned 404: .*WEBHOOK_NOT_FOUND/,
  );
});

test('an unreachable API and a missing account are reported', async () => {
  const home = temporaryHome();
  completeSettingsFile(home, { MONITORING_API_PORT: '1' });
  await expect(redeliver(readSettings(home), ACCOUNT)).rejects.toThrow('The Monitoring API does not respond');
  await expect(redeliver(readSettings(home), '')).rejects.toThrow('redeliver needs the id of an account');
});
