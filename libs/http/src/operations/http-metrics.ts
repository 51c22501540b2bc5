import { Gauge, Histogram, type Registry } from '@souk/service';

export interface HttpMetrics {
  observe(operation: string, status: number, seconds: number): void;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

export function createHttpMetrics(
  metrics: Registry,
  counts: { inFlight(): number; eventStreams(): number },
): HttpMetrics {
  const registers = [metrics];
  const durations = new Histogram({
    name: 'souk_http_request_duration_seconds',
    help: 'Time from receiving the headers of an HTTP request to answering it',
    labelNames: ['operation', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const gauge = (name: string, help: string, count: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(count());
      },
    });
  gauge('souk_http_requests_in_flight', 'HTTP requests being handled', counts.inFlight);
  gauge('souk_http_event_streams', 'Open event streams', counts.eventStreams);
  return { observe: (operation, status, seconds) => durations.observe({ operation, status }, seconds) };
}
