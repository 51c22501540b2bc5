import type { ReadinessChecks, Registry } from '@souk/service';
import { createReadiness } from './readiness';
import type { Message } from './send';

/** What operators ask of every process, by path. */
export type OperationPages = Record<string, () => Promise<Message>>;

const json = (status: number, body: unknown): Message => ({
  status,
  contentType: 'application/json; charset=utf-8',
  text: JSON.stringify(body),
});

/** `/healthz`: the process lives. `/readyz`: what it needs answers. `/metrics`: for Prometheus. */
export function createOperationPages(
  checks: ReadinessChecks,
  metrics: Registry,
  watched?: ReadinessChecks,
): OperationPages {
  const readiness = createReadiness(checks, undefined, watched);
  return {
    '/healthz': () => Promise.resolve(json(200, { status: 'ok', checks: {} })),
    '/readyz': async () => {
      const ready = await readiness();
      return json(ready.status === 'ok' ? 200 : 503, ready);
    },
    '/metrics': async () => ({ status: 200, contentType: metrics.contentType, text: await metrics.metrics() }),
  };
}
