import { collectDefaultMetrics, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * prom-client samples the lag of the event loop with a timer that fires 100 times per second. That takes more CPU time than
 * everything else in an idle process, so these metrics are removed; `nodejs_eventloop_lag_seconds` needs no timer.
 */
const SAMPLED_METRICS = /^nodejs_eventloop_lag_\w+_seconds$/;
const SAMPLING_OFF_MS = 2 ** 31 - 1;

/** Creates a separate registry, so that two apps in one test process don't share counters. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: SAMPLING_OFF_MS });
  for (const { name } of registry.getMetricsAsArray())
    if (SAMPLED_METRICS.test(name)) registry.removeSingleMetric(name);
  return registry;
}
