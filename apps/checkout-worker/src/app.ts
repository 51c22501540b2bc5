import { cartQueriesQueue, checkoutJobsQueue, checkoutResultsQueue } from '@souk/contracts';
import { grpcCredentials } from '@souk/grpc';
import { createHealthServer } from '@souk/http';
import { createBroker, createPublisher, createRequester, observeConsumers } from '@souk/messaging';
import { Counter, type App, type AppContext, type Logger } from '@souk/service';
import type { Config } from './config';
import { consumeCheckoutJobs } from './jobs';
import { createOrders } from './orders';
import type { PaymentProvider } from './payments/payment-provider';
import { createSimulatedPayments, type SimulatedFault } from './payments/simulated-payments';
import { createWalletPayments } from './payments/wallet-payments';
import { createReservations, type Reservations } from './reservations';
import { runCheckouts } from './run-checkouts';

const USED_QUEUES = { consumes: [checkoutJobsQueue], sendsTo: [checkoutResultsQueue] };

interface Overrides {
  payments?: PaymentProvider;
  reservations?: Reservations;
}

/** Creates the adapters and wires them together. `overrides` replaces remote clients in tests. */
export function buildApp(config: Config, { logger, metrics }: AppContext, overrides: Overrides = {}): App {
  const reservations =
    overrides.reservations ?? createReservations({ address: config.INVENTORY_ADDRESS, ...grpcCredentials(config) });
  const payments = overrides.payments ?? createPayments(config, logger);
  const broker = createBroker({ url: config.RABBITMQ_URL, name: 'checkout-worker', logger });
  const publisher = createPublisher(broker, logger, USED_QUEUES);
  const orders = createOrders(createRequester(broker, { logger, queues: [cartQueriesQueue] }));

  const health = createHealthServer({
    host: config.SOUK_BIND,
    port: config.HEALTH_PORT,
    logger,
    metrics,
    checks: {
      broker: () => broker.checkPublishing(),
      inventory: () => reservations.ping(),
      [payments.name]: () => payments.ping(),
    },
  });
  const mismatches = new Counter({
    name: 'souk_payment_mismatches_total',
    help: 'Orders whose payment id was already used with another payer, payee or amount',
    registers: [metrics],
  });
  const onPaymentMismatch = (orderID: string) => {
    mismatches.inc();
    logger.error({ orderID }, "a payment doesn't match its order; the order fails and the payment is cancelled");
  };
  const consumer = consumeCheckoutJobs(
    {
      broker,
      publisher,
      logger,
      batchMax: config.BATCH_MAX,
      observed: observeConsumers(metrics),
      outcomes: new Counter({
        name: 'souk_checkouts_total',
        help: 'Checkouts by outcome',
        labelNames: ['outcome'],
        registers: [metrics],
      }),
    },
    (jobs) => runCheckouts({ orders, reservations, payments, onPaymentMismatch }, jobs),
  );

  return {
    start: async () => {
      await health.start();
      broker.start();
    },
    stop: async () => {
      health.reportStopping();
      await consumer.stop();
      await broker.stop();
      reservations.close();
      await payments.close();
      await health.stop();
    },
  };
}

function createPayments(config: Config, logger: Logger): PaymentProvider {
  // The schema guarantees that the setting which the chosen provider requires is set.
  if (config.PAYMENT_PROVIDER === 'simulated') return simulatedPayments(config, config.REDIS_URL!, logger);
  const { PAYMENT_TIMEOUT_MS: timeoutMs, MERCHANT_REFERENCE: merchantReference } = config;
  return createWalletPayments({
    address: config.WALLET_ADDRESS!,
    ...grpcCredentials(config),
    timeoutMs,
    merchantReference,
  });
}

function simulatedPayments(config: Config, redisUrl: string, logger: Logger): PaymentProvider {
  const rates: [SimulatedFault, number][] = [
    ['failure', config.SIMULATED_PAYMENT_FAILURE_RATE],
    ['timeout', config.SIMULATED_PAYMENT_TIMEOUT_RATE],
    ['late', config.SIMULATED_PAYMENT_LATE_RATE],
  ];
  return createSimulatedPayments({
    logger,
    redisUrl,
    declineAbove: config.SIMULATED_PAYMENT_DECLINE_ABOVE,
    latencyMs: config.SIMULATED_PAYMENT_LATENCY_MS,
    timeoutMs: config.PAYMENT_TIMEOUT_MS,
    drawFault: (call) => {
      let draw = Math.random();
      for (const [fault, rate] of call === 'charge' ? rates : rates.slice(0, 1)) {
        if (draw < rate) return fault;
        draw -= rate;
      }
      return 'none';
    },
  });
}
