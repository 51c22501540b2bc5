import { deadLetterQueue, RETRY_DELAYS_MS, retryQueue, TOPOLOGY } from '@souk/contracts';
import { REPOSITORY } from '@souk/testing';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Policy {
  pattern: string;
  definition: Record<string, unknown>;
}

const { policies } = JSON.parse(readFileSync(resolve(REPOSITORY, 'deploy/rabbitmq/definitions.json'), 'utf8')) as {
  policies: Policy[];
};
const policiesOf = (queue: string) => policies.filter(({ pattern }) => new RegExp(pattern).test(queue));

test.each(TOPOLOGY.queues.map((queue) => [queue.name, queue] as const))('%s has limits', (name, queue) => {
  const binding = queue.kind === 'jobs' ? queue.binding : undefined;
  const overflow = binding ? 'drop-head' : 'reject-publish';
  expect(policiesOf(name)).toMatchObject([{ definition: { 'max-length': expect.any(Number) as number, overflow } }]);
});

test('every retry queue has limits', () => {
  const retries = TOPOLOGY.queues.flatMap(({ name }) => RETRY_DELAYS_MS.map((delayMs) => retryQueue(name, delayMs)));
  for (const name of retries) expect(policiesOf(name)).toMatchObject([{ definition: { overflow: 'reject-publish' } }]);
});

test('dead letters are kept, however many there are and however often they are viewed', () => {
  for (const { name } of TOPOLOGY.queues)
    expect(policiesOf(deadLetterQueue(name)).map(({ definition }) => definition)).toEqual([
      { 'delivery-limit': 1_000_000_000 },
    ]);
});
