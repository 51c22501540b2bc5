// @ts-check
import autocannon from 'autocannon';

export const CONNECTIONS = 64;

/** Seconds per measurement, unless the command line gives another number after the addresses. */
export const SECONDS_DEFAULT = '8';

/** Includes the admin key if the environment has one. @type {Record<string, string>} */
const headers = {
  'content-type': 'application/json',
  ...(process.env.ADMIN_API_KEY ? { 'x-api-key': process.env.ADMIN_API_KEY } : {}),
};

/**
 * Sends one request, without retries.
 *
 * @param {string} method
 * @param {string} url
 * @param {unknown} body
 * @returns {Promise<any>} the response body
 */
export async function ask(method, url, body) {
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url} returned ${response.status}: ${await response.text()}`);
  return response.json();
}

/** @param {string} path @param {unknown} body @returns {autocannon.Request} */
export const post = (path, body) => ({
  method: 'POST',
  path,
  headers,
  body: JSON.stringify(body),
});

/**
 * @param {{ url: string, seconds: string, connections: number }} load
 * @param {(connection: number) => autocannon.Request[]} requestsOf the requests that each connection repeats
 */
export async function measure({ url, seconds, connections }, requestsOf) {
  let connection = 0;
  const result = await autocannon({
    url,
    connections,
    duration: Number(seconds),
    setupClient: (client) => client.setRequests(requestsOf(connection++)),
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  const { p50, p97_5, p99 } = result.latency;
  return { perSecond: result.requests.total / result.duration, p50, p97_5, p99, failed };
}

/** @param {string} label @param {Awaited<ReturnType<typeof measure>>} result */
export function report(label, { perSecond, p50, p97_5, p99, failed }) {
  const rate = perSecond.toFixed(0).padStart(6);
  console.log(`${label.padEnd(44)}${rate} /s   p50 ${p50} ms  p97.5 ${p97_5} ms  p99 ${p99} ms   ${failed} not 2xx`);
}
