import { Counter, Gauge, type Registry } from '@souk/service';
import type { AccountEvent, ConsumerName } from '../consumer';

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;

/** Events being applied together, from messages or a catch-up. */
export interface Applying {
  /** Sets the events still to be applied; their age grows until `end`. */
  are(events: Iterable<Pick<AccountEvent, 'at'>>): void;
  /** The events have been applied or have failed. */
  end(): void;
}

/** A consumer that applied nothing for longer than this is idle. */
const IDLE_AFTER_MS = 10_000;

interface Lag {
  /** One entry per application under way: when its oldest event happened. */
  underWay: Set<{ oldestMs: number }>;
  /** The greatest lag of those that ended recently. */
  ended: { lagMs: number; atMs: number };
}

const endedLagMs = ({ ended: { lagMs, atMs } }: Lag, nowMs: number) => (nowMs - atMs > IDLE_AFTER_MS ? 0 : lagMs);

function lagSeconds(lag: Lag, nowMs: number): number {
  const ages = [...lag.underWay].map(({ oldestMs }) => nowMs - oldestMs);
  return Math.max(endedLagMs(lag, nowMs), ...ages) / 1_000;
}

/** The outcome of an account's event. `missing`: no message has brought it; `fetched`: it was read from the wallet. */
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
    beginApplying: (consumer: ConsumerName): Applying => {
      const lag = lags.get(consumer) ?? { underWay: new Set(), ended: { lagMs: 0, atMs: 0 } };
      lags.set(consumer, lag);
      const mine = { oldestMs: Infinity };
      lag.underWay.add(mine);
      return {
        are: (events) => {
          mine.oldestMs = Infinity;
          for (const { at } of events) mine.oldestMs = Math.min(mine.oldestMs, at.getTime());
        },
        end: () => {
          const nowMs = Date.now();
          lag.underWay.delete(mine);
          if (nowMs - mine.oldestMs >= endedLagMs(lag, nowMs))
            lag.ended = { lagMs: nowMs - mine.oldestMs, atMs: nowMs };
        },
      };
    },
  };
}
