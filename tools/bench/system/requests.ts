/** Requests in flight at once. */
const CONCURRENCY = 16;

export type Headers = Record<string, string>;

/** Sends one request, without retries. @throws Error if the response isn't a 2xx */
export async function ask<Body>(headers: Headers, method: string, url: string, body?: object): Promise<Body> {
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${url} returned ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

/** Runs a few at a time. @returns the results, in order */
export async function forEach<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += CONCURRENCY)
    results.push(...(await Promise.all(items.slice(start, start + CONCURRENCY).map(run))));
  return results;
}
