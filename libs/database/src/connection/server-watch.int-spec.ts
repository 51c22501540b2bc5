import { createTestDatabase, type TestDatabase } from '@souk/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { createServerWatch } from './server-watch';

let schema: TestDatabase;

beforeAll(async () => (schema = await createTestDatabase('watch')));
afterAll(() => schema.drop());

function block(ms: number): void {
  for (const start = performance.now(); performance.now() - start < ms;);
}

test('a process that is busy for longer than the greeting timeout does not consider the server silent', async () => {
  const url = new URL(schema.url);
  url.hostname = 'localhost'; // resolving a name takes another turn of the event loop
  const onSilent = jest.fn();
  const watch = createServerWatch(url.href, onSilent);
  let isBusy = true;
  const turn = () => {
    block(650);
    if (isBusy) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    await expect(watch.run(() => delay(2_500, 'done'))).resolves.toBe('done');
    expect(onSilent).not.toHaveBeenCalled();
  } finally {
    isBusy = false;
    watch.stop();
  }
});
