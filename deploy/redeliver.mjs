// @ts-check
import { Failure, messageOf } from './console/failure.mjs';
import { monitoringApiUrl } from './settings/addresses.mjs';

/**
 * Has delivered again what was given up of the deliveries to the webhook of an account.
 *
 * @param {import('./settings/settings.mjs').Settings} settings
 * @param {string} accountId
 * @returns {Promise<string>} what came of it, in words
 * @throws {Failure} when it refuses or does not answer
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
