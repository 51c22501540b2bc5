import autocannon from 'autocannon';
import { randomUUID } from 'node:crypto';
import type { Load, LoadRequest, LoadResult } from './load';
import { createTally } from './tally';

/** Each connection repeats its operations and sends a request once it has received the response to the previous one. */
export async function runClosedLoop({ url, connections, seconds, operations, hasKeys }: Load): Promise<LoadResult> {
  const tally = createTally();
  let connection = 0;
  const { duration, errors, timeouts } = await autocannon({
    ...{ url, connections, duration: seconds },
    setupClient: (client) => {
      const own = connection++;
      const ownOperations = operations.filter((_, index) => index % connections === own);
      client.setRequests(ownOperations.flat().map((request) => (hasKeys ? withKey(request) : request)));
      const length = ownOperations[0]!.length;
      let statuses: number[] = [];
      let elapsedMs = 0;
      client.on('response', (status: number, _bytes: number, durationMs: number) => {
        statuses.push(status);
        elapsedMs += durationMs;
        if (statuses.length < length) return;
        tally.add(statuses, elapsedMs);
        statuses = [];
        elapsedMs = 0;
      });
    },
  });
  const result = tally.result(duration);
  return { ...result, failed: result.failed + errors + timeouts };
}

const withKey = (request: LoadRequest): autocannon.Request => ({
  ...request,
  setupRequest: (sent) => ({ ...sent, headers: { ...sent.headers, 'idempotency-key': randomUUID() } }),
});
