import { Failure, messageOf } from '../console/failure';
import { adminHeaders } from '../settings/access';
import { apiUrl } from '../settings/addresses';
import type { Settings } from '../settings/settings';

/**
 * Retries the deliveries to an account's webhook that Souk gave up on.
 * @returns the result as text
 * @throws Failure if the Monitoring API refuses or doesn't respond
 */
export async function redeliver(settings: Settings, accountId: string): Promise<string> {
  if (accountId === '') throw new Failure('redeliver needs the id of an account.');
  const path = `/accounts/${encodeURIComponent(accountId)}/deliveries/redeliver`;
  const response = await fetch(apiUrl(settings, 'monitoringApi') + path, {
    method: 'POST',
    headers: adminHeaders(settings.values.ADMIN_API_KEY),
  }).catch((error: Error) => {
    throw new Failure(`The Monitoring API does not respond: ${messageOf(error.cause ?? error)}`);
  });
  const answer = await response.text();
  if (!response.ok) throw new Failure(`POST ${path} returned ${response.status}: ${answer}`);
  return `Deliveries to retry: ${(JSON.parse(answer) as { redelivered: number }).redelivered}`;
}
