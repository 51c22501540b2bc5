import type { ReadinessChecks, Registry } from '@souk/service';
import type { SerializedAnswer } from '../response/send';
import { createReadiness, STOPPING } from './readiness';

/** The pages that every process has for operators, by path. */
type OperationPages = Record<string, () => Promise<SerializedAnswer>>;

const json = (status: number, body: unknown): SerializedAnswer => ({
  status,
  contentType: 'application/json; charset=utf-8',
  text: JSON.stringify(body),
});

/**
 * `/healthz`: the process is alive. `/readyz`: its checks succeed, and it is not stopping. `/metrics`: for Prometheus.
 * Requests that arrive while the metrics are being collected share the result.
 */
export function createOperationPages(
  checks: ReadinessChecks,
  metrics: Registry,
  { reportedOnly, isStopping }: { reportedOnly?: ReadinessChecks | undefined; isStopping: () => boolean },
): OperationPages {
  const readiness = createReadiness(checks, undefined, reportedOnly);
  let collecting: Promise<string> | undefined;
  return {
    '/healthz': () => Promise.resolve(json(200, { status: 'ok', checks: {} })),
    '/readyz': async () => {
      const ready = isStopping() ? STOPPING : await readiness();
      return json(ready.status === 'ok' ? 200 : 503, ready);
    },
    '/metrics': async () => {
      collecting ??= metrics.metrics().finally(() => (collecting = undefined));
      return { status: 200, contentType: metrics.contentType, text: await collecting };
    },
  };
}
