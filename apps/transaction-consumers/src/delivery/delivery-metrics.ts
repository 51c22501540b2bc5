import { Counter, Gauge, type Registry } from '@souk/service';
import type { ConsumerName } from '../consumer';

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;

interface Lag {
  oldestMs: number;
  /** `undefined` as long as it is not. */
  appliedMs: number | undefined;
}

/** A consumer that applied nothing for longer than this is idle. */
const IDLE_AFTER_MS = 10_000;

function lagSeconds({ oldestMs, appliedMs }: Lag, nowMs: number): number {
  if (appliedMs === undefined) return (nowMs - oldestMs) / 1_000;
  return nowMs - appliedMs > IDLE_AFTER_MS ? 0 : (appliedMs - oldestMs) / 1_000;
}

/** What became of an event of an account; `missing` was not told by any message, and `fetched` from the wallet. */
export type EventOutcome = 'applied' | 'duplicate' | 'missing' | 'fetched';

export function createDeliveryMetrics(registry: Registry) {
  const registers = [registry];
  const lags = new Map<ConsumerName, Lag>();
  new Gauge({
    name: 'souk_consumer_lag_seconds',
    help: 'Age of the oldest event that a consumer is applying, or has just applied; 0 when it is idle',
    labelNames: ['consumer'],
    registers,
    collect() {
      for (const [consumer, lag] of lags) this.set({ consumer }, lagSeconds(lag, Date.now()));
    },
  });
  return {
    events: new Counter({
      name: 'souk_consumer_events_total',
      help: 'Events of accounts by what became of them; `missing` ones are those that no message told of in time',
      labelNames: ['consumer', 'outcome'],
      registers,
    }),
    lagEvents: new Gauge({
      name: 'souk_consumer_lag_events',
      help: 'Events of accounts that a consumer has not applied, as found by its last look at the wallet',
      labelNames: ['consumer'],
      registers,
    }),
    /** Events are being applied, the oldest of that moment; until `isApplied` its age grows. */
    isApplying: (consumer: ConsumerName, oldestMs: number) => lags.set(consumer, { oldestMs, appliedMs: undefined }),
    isApplied: (consumer: ConsumerName) => {
      const lag = lags.get(consumer);
      if (lag) lag.appliedMs = Date.now();
    },
  };
}
