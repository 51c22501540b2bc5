// @ts-check
import { Failure, messageOf } from './console/failure.mjs';
import { monitoringApiUrl } from './settings/addresses.mjs';

/**
 * Redelivers the deliveries to an account's webhook that were given up.
 *
 * @param {import('./settings/settings.mjs').Settings} settings
 * @param {string} accountId
 * @returns {Promise<string>} the result as text
 * @throws {Failure} if the Monitoring API refuses or doesn't answer
 */
export async function redeliver(settings, accountId) {
  if (accountId === '') throw new Failure('redeliver wants the id of an account.');
  const key = settings.values.ADMIN_API_KEY;
  const path = `/accounts/${encodeURIComponent(accountId)}/deliveries/redeliver`;
  const response = await fetch(monitoringApiUrl(settings) + path, {
    method: 'POST',
    headers: key ? { 'x-api-key': key } : {},
  }).catch((error) => {
    throw new Failure(`The Monitoring API does not answer: ${messageOf(error.cause ?? error)}`);
  });
  const answer = await response.text();
  if (!response.ok) throw new Failure(`POST ${path} gave ${response.status}: ${answer}`);
  return `Deliveries that are tried again: ${JSON.parse(answer).redelivered}`;
}
