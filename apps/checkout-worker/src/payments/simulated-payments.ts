import type { Minor } from '@souk/money';
import { createDurableRedis, type DurableRedis } from '@souk/redis';
import { AppError, unavailable, type Logger } from '@souk/service';
import { ReplyError } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChargeAnswer, Declined, PaymentProvider } from './payment-provider';

/** A simulated fault of a call: none, a failure without effect, a lost request, or a lost answer to a completed call. */
export type SimulatedFault = 'none' | 'failure' | 'timeout' | 'late';

interface SimulatedPaymentsOptions {
  logger: Logger;
  redisUrl: string;
  /** Prefix of every key, so that several shops can share one Redis. */
  keyPrefix?: string;
  declineAbove: Minor;
  latencyMs: number;
  timeoutMs: number;
  /** Called once for each call to the provider. */
  drawFault(call: 'charge' | 'cancel' | 'get'): SimulatedFault;
}

/** Simulates an amount above the payer's balance. */
const DECLINED: Declined = { state: 'declined', reason: 'INSUFFICIENT_FUNDS' };

/** Charges each payment at most once, however often it is requested: Redis runs a script atomically. */
const CHARGE = `
  local states = {}
  for i, key in ipairs(KEYS) do
    local state = redis.call('HGET', key, 'state')
    if not state then
      local amount, payer, currency, decision = ARGV[i * 4 - 3], ARGV[i * 4 - 2], ARGV[i * 4 - 1], ARGV[i * 4]
      state = decision
      redis.call('HSET', key, 'state', state, 'amount', amount, 'payer', payer, 'currency', currency)
      if state == 'charged' then redis.call('HINCRBY', key, 'charges', 1) end
    elseif redis.call('HGET', key, 'amount') ~= ARGV[i * 4 - 3] and state ~= 'cancelled' then
      state = 'mismatch'
    end
    states[i] = state
  end
  return states`;

const CANCEL = `
  local states = {}
  for i, key in ipairs(KEYS) do
    local state = redis.call('HGET', key, 'state')
    if not state then
      state = 'cancelled'
      redis.call('HSET', key, 'state', state)
    elseif state == 'charged' then
      state = 'refunded'
      redis.call('HSET', key, 'state', state)
      redis.call('HINCRBY', key, 'refunds', 1)
    end
    states[i] = state
  end
  return states`;

const GET = `
  local states = {}
  for i, key in ipairs(KEYS) do states[i] = redis.call('HGET', key, 'state') or 'none' end
  return states`;

/**
 * A stand-in for a payment service: it approves charges, declines those above an amount, and fails as configured. Its
 * state is in Redis and so behaves like that of a remote service: all workers share it, and it survives any worker's death.
 */
export function createSimulatedPayments(options: SimulatedPaymentsOptions): PaymentProvider {
  const durable = createDurableRedis('the payment provider', {
    url: options.redisUrl,
    keyPrefix: `${options.keyPrefix ?? ''}payment:`,
    timeoutMs: options.timeoutMs,
    logger: options.logger,
  });

  const run = async <Answer extends ChargeAnswer>(
    call: 'charge' | 'cancel' | 'get',
    script: string,
    ids: readonly string[],
    parameters: readonly string[] = [],
  ): Promise<Answer[]> => {
    if (ids.length === 0) return [];
    const fault = options.drawFault(call);
    if (options.latencyMs > 0 || fault === 'timeout')
      await delay(fault === 'timeout' ? options.timeoutMs : Math.min(options.latencyMs, options.timeoutMs));
    if (fault === 'failure') throw unavailable('the payment provider');
    if (fault === 'timeout') throw noAnswer();
    const states = await evaluate(durable, script, ids, parameters);
    const isTooSlow = options.latencyMs >= options.timeoutMs;
    if (fault === 'late' || isTooSlow) throw noAnswer();
    return states.map((state) => (state === 'declined' ? DECLINED : state) as Answer);
  };

  return {
    name: 'simulated payments',
    charge: (charges) => {
      const parameters = charges.flatMap(({ amount, payer, currency }) => [
        String(amount),
        payer,
        currency,
        amount > options.declineAbove ? 'declined' : 'charged',
      ]);
      return run(
        'charge',
        CHARGE,
        charges.map(({ paymentID }) => paymentID),
        parameters,
      );
    },
    cancel: (paymentIDs) => run('cancel', CANCEL, paymentIDs),
    get: (paymentIDs) => run('get', GET, paymentIDs),
    ping: durable.ping,
    close: durable.close,
  };
}

const noAnswer = (cause?: unknown) =>
  new AppError('timeout', 'TIMEOUT', 'The payment provider did not answer; the outcome is unknown', { cause });

async function evaluate(
  { redis, requireDurable }: DurableRedis,
  script: string,
  ids: readonly string[],
  parameters: readonly string[],
): Promise<string[]> {
  await requireDurable();
  try {
    return (await redis.eval(script, ids.length, ...ids, ...parameters)) as string[];
  } catch (error) {
    // Redis refuses a writing script before it runs, so an error reply means that nothing was done.
    if (error instanceof ReplyError) throw unavailable('the payment provider', error);
    // The command may have arrived before the connection broke.
    throw noAnswer(error);
  }
}
