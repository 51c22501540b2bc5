import type { Server, ServerWritableStream, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ReadinessChecks } from '@souk/service';
import { HealthImplementation } from 'grpc-health-check';
import { allPass, watchReadiness } from './readiness-watch';

interface HealthService {
  addToServer(server: Server): void;
  /** Reports NOT_SERVING from now on. */
  stop(): void;
}

/**
 * The standard health service. It reports every service as SERVING while all checks pass. The checks run only when a client
 * requests the status, and while a client watches it, so an idle server runs none. Requests that arrive during a run share its
 * result.
 */
export function createHealthService(serviceNames: readonly string[], checks: ReadinessChecks): HealthService {
  const names = ['', ...serviceNames];
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, 'NOT_SERVING'])));
  const watches = new Set<() => void>();
  let isServing = false;
  let isStopping = false;
  let refreshing: Promise<void> | undefined;

  const report = (isReady: boolean) => {
    const mayServe = isReady && !isStopping;
    if (mayServe === isServing) return;
    isServing = mayServe;
    for (const name of names) health.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  };
  const refresh = () =>
    (refreshing ??= allPass(checks)
      .then(report)
      .finally(() => (refreshing = undefined)));

  const watch = (call: ServerWritableStream<unknown, unknown>) => {
    const endWatch = watchReadiness(checks, report);
    watches.add(endWatch);
    call.on('cancelled', () => {
      endWatch();
      watches.delete(endWatch);
    });
  };

  const checkingFirst = (handlers: UntypedServiceImplementation): UntypedServiceImplementation => {
    const { check, list, watch: follow } = handlers as Record<string, (...parameters: unknown[]) => void>;
    return {
      check: (...parameters: unknown[]) => void refresh().then(() => check!(...parameters)),
      list: (...parameters: unknown[]) => void refresh().then(() => list!(...parameters)),
      watch: (call: ServerWritableStream<unknown, unknown>) =>
        void refresh().then(() => {
          if (call.cancelled) return;
          follow!(call);
          if (!isStopping) watch(call);
        }),
    };
  };

  return {
    addToServer: (server) =>
      health.addToServer({
        addService: (definition, handlers) => server.addService(definition, checkingFirst(handlers)),
      }),
    stop: () => {
      isStopping = true;
      for (const endWatch of watches) endWatch();
      report(false);
    },
  };
}
