import { Counter, Gauge, type Registry } from '@souk/service';
import type { AccountEvent, ConsumerName } from '../consumer';

export type ConsumerMetrics = ReturnType<typeof createConsumerMetrics>;

/** Measures the lag of events that are applied together, from messages or a catch-up. */
export interface ApplicationTimer {
  /** Sets the events that are still to be applied. Their age grows until `end`. */
  setPending(events: Iterable<Pick<AccountEvent, 'at'>>): void;
  /** Ends the measurement: the events have been applied, or applying them has failed. */
  end(): void;
}

/** A consumer that applied nothing for longer than this is idle. */
const IDLE_AFTER_MS = 10_000;

interface Lag {
  /** One entry per application in progress, with the time of its oldest event. */
  inProgress: Set<{ oldestMs: number }>;
  /** The greatest lag of the applications that ended recently. */
  ended: { lagMs: number; atMs: number };
}

const endedLagMs = ({ ended: { lagMs, atMs } }: Lag, nowMs: number) => (nowMs - atMs > IDLE_AFTER_MS ? 0 : lagMs);

function lagSeconds(lag: Lag, nowMs: number): number {
  const ages = [...lag.inProgress].map(({ oldestMs }) => nowMs - oldestMs);
  return Math.max(endedLagMs(lag, nowMs), ...ages) / 1_000;
}

export function createConsumerMetrics(registry: Registry) {
  const registers = [registry];
  const lags = new Map<ConsumerName, Lag>();
  new Gauge({
    name: 'souk_consumer_lag_seconds',
    help: 'Age of the oldest event that the consumer is applying or has just applied; 0 if it is idle',
    labelNames: ['consumer'],
    registers,
    collect() {
      for (const [consumer, lag] of lags) this.set({ consumer }, lagSeconds(lag, Date.now()));
    },
  });
  return {
    events: new Counter({
      name: 'souk_consumer_events_total',
      help: 'Account events by outcome: applied, duplicate, missing (not received as messages), fetched (from the wallet)',
      labelNames: ['consumer', 'outcome'],
      registers,
    }),
    lagEvents: new Gauge({
      name: 'souk_consumer_lag_events',
      help: 'Account events that the consumer had not applied at its last catch-up',
      labelNames: ['consumer'],
      registers,
    }),
    startApplication: (consumer: ConsumerName): ApplicationTimer => {
      const lag = lags.get(consumer) ?? { inProgress: new Set(), ended: { lagMs: 0, atMs: 0 } };
      lags.set(consumer, lag);
      const application = { oldestMs: Infinity };
      lag.inProgress.add(application);
      return {
        setPending: (events) => {
          application.oldestMs = Infinity;
          for (const { at } of events) application.oldestMs = Math.min(application.oldestMs, at.getTime());
        },
        end: () => {
          const nowMs = Date.now();
          lag.inProgress.delete(application);
          if (nowMs - application.oldestMs >= endedLagMs(lag, nowMs))
            lag.ended = { lagMs: nowMs - application.oldestMs, atMs: nowMs };
        },
      };
    },
  };
}
