import { answering } from './machine/answering';
import { temporaryHome } from './machine/temporary-home';
import { redeliver } from './redeliver.mjs';
import { completeSettingsFile, readSettings } from './settings/settings.mjs';

const ACCOUNT = 'd0b5ffed-02ea-80d3-95ef-3a393b760f36';

/** Asks for the deliveries of an account where the Monitoring API answers so. */
function redeliverWhere(status: number, body: object) {
  return answering(status, body, (url) => {
    const home = temporaryHome();
    completeSettingsFile(home, { MONITORING_API_PORT: new URL(url).port, ADMIN_API_KEY: 'key' });
    return redeliver(readSettings(home), ACCOUNT);
  });
}

test('the deliveries that were given up are asked for with the key of the administrator, and counted', async () => {
  const { requests, result } = await redeliverWhere(202, { redelivered: 3 });
  expect(requests).toEqual([
    expect.objectContaining({
      method: 'POST',
      url: `/accounts/${ACCOUNT}/deliveries/redeliver`,
      headers: expect.objectContaining({ 'x-api-key': 'key' }),
    }),
  ]);
  expect(result).toBe('Deliveries that are tried again: 3');
});

test('what is refused is told as it was answered', async () => {
  await expect(redeliverWhere(404, { code: 'WEBHOOK_NOT_FOUND' })).rejects.toThrow(
    /deliveries\/redeliver gave 404: .*WEBHOOK_NOT_FOUND/,
  );
});

test('where nobody listens, or no account is named, that is said', async () => {
  const home = temporaryHome();
  completeSettingsFile(home, { MONITORING_API_PORT: '1' });
  await expect(redeliver(readSettings(home), ACCOUNT)).rejects.toThrow('The Monitoring API does not answer');
  await expect(redeliver(readSettings(home), '')).rejects.toThrow('redeliver wants the id of an account');
});
