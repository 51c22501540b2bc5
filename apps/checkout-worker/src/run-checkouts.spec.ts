import type { CheckoutJob, RunCheckoutJob } from '@souk/contracts';
import { AppError } from '@souk/service';
import fc from 'fast-check';
import type { CheckoutOutcome } from './checkout';
import type { Orders } from './orders';
import type { Charge, ChargeAnswer, Declined, PaymentProvider, PaymentState } from './payments/payment-provider';
import type { Reservations, ReservationState } from './reservations';
import { runCheckouts } from './run-checkouts';

/** The outcome of a call: it works, it is refused with nothing done, or it is carried out but its answer is lost. */
type CallOutcome = 'works' | 'refused' | 'lost';

const DECLINED: Declined = { state: 'declined', reason: 'NO_WALLET' };

/** Fake participants that follow their contracts. Each call takes the next of `callOutcomes`, and works when none is left. */
function participants(
  options: {
    stock: number;
    declines: boolean;
    /** Numbers of the calls, from 1, before which all reservations expire. */
    expireAt: ReadonlySet<number>;
    /** Whether other orders take the whole stock at that moment. */
    rivalTakesStock: boolean;
    /** Ids of orders that don't exist. */
    missing?: readonly string[];
    /** From this call on, the cancellation of every order is requested. */
    cancelAt?: number;
  },
  callOutcomes: CallOutcome[],
) {
  const reservations = new Map<string, ReservationState>();
  const payments = new Map<string, PaymentState>();
  const mismatches: string[] = [];
  let stock = options.stock;
  let calls = 0;
  let charges = 0;
  let refunds = 0;

  const heldCount = () => [...reservations.values()].filter((state) => state === 'reserved').length;
  const call = <T>(work: () => T): Promise<T> => {
    if (options.expireAt.has(++calls)) {
      for (const [id, state] of reservations) if (state === 'reserved') reservations.set(id, 'expired');
      if (options.rivalTakesStock) stock = 0;
    }
    const callOutcome = callOutcomes.shift() ?? 'works';
    if (callOutcome === 'refused') return Promise.reject(new AppError('unavailable', 'UNAVAILABLE', 'down'));
    const answer = work();
    return callOutcome === 'lost'
      ? Promise.reject(new AppError('timeout', 'TIMEOUT', 'no answer'))
      : Promise.resolve(answer);
  };

  const { missing = [], cancelAt = Infinity } = options;
  const orders: Orders = {
    find: (ids) =>
      call(() => {
        const existing = ids.filter((id) => !missing.includes(id));
        return new Map(existing.map((id) => [id, { isCancelling: calls >= cancelAt }]));
      }),
  };
  const inventory: Reservations = {
    reserve: (requests) =>
      call(() =>
        requests.map(({ reserveID }) => {
          if (!reservations.has(reserveID))
            reservations.set(reserveID, stock - heldCount() >= 1 ? 'reserved' : 'rejected');
          return { state: reservations.get(reserveID)!, shortages: [] };
        }),
      ),
    commit: (ids) =>
      call(() =>
        ids.map((id) => {
          const state = reservations.get(id);
          if (state === 'reserved' || (state === 'expired' && stock - heldCount() >= 1)) {
            stock--;
            reservations.set(id, 'committed');
          } else if (state === 'expired') reservations.set(id, 'rolled_back');
          return reservations.get(id) ?? 'unknown';
        }),
      ),
    rollBack: (ids) =>
      call(() =>
        ids.map((id) => {
          const state = reservations.get(id);
          if (state !== 'committed' && state !== 'rejected') reservations.set(id, 'rolled_back');
          return reservations.get(id)!;
        }),
      ),
    ping: () => Promise.resolve(),
    close: () => undefined,
  };
  const provider: PaymentProvider = {
    name: 'a provider',
    charge: (requests) =>
      call(() =>
        requests.map(({ paymentID }) => {
          if (!payments.has(paymentID)) {
            payments.set(paymentID, options.declines ? DECLINED : 'charged');
            if (!options.declines) charges++;
          }
          return payments.get(paymentID)!;
        }),
      ),
    cancel: (ids) =>
      call(() =>
        ids.map((id) => {
          const state = payments.get(id);
          if (state === 'charged') refunds++;
          if (state !== DECLINED && state !== 'refunded')
            payments.set(id, state === 'charged' ? 'refunded' : 'cancelled');
          return payments.get(id)!;
        }),
      ),
    get: (ids) => call(() => ids.map((id) => payments.get(id) ?? 'none')),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return {
    deps: {
      orders,
      reservations: inventory,
      payments: provider,
      onPaymentMismatch: (id: string) => void mismatches.push(id),
    },
    mismatches,
    reservations,
    payments,
    movements: () => ({ charges, refunds }),
  };
}

const envelope = (id: string) => ({
  id,
  version: 1,
  occurredAt: '',
  correlationId: 'c',
  causationId: 'c',
  actor: 'ann',
});

function job(orderID: string, total = '5.00'): RunCheckoutJob {
  const data = {
    orderID,
    clientID: 'ann',
    items: [{ productID: 'lamp', quantity: 1, unitPrice: total }],
    total,
    currency: 'USD',
  };
  return { ...envelope(orderID), type: 'run-checkout', data };
}

const undo = (orderID: string): CheckoutJob => ({
  ...envelope(`undo-${orderID}`),
  type: 'undo-checkout',
  data: { orderID },
});

const isFinal = ({ kind }: CheckoutOutcome) => kind !== 'waiting';

/** Delivers jobs again, as the broker does, until all of their outcomes are final. */
async function runToEnd(deps: Parameters<typeof runCheckouts>[0], jobs: CheckoutJob[]): Promise<CheckoutOutcome[]> {
  for (let delivery = 0; delivery < 50; delivery++) {
    const outcomes = await runCheckouts(deps, jobs);
    if (outcomes.every(isFinal)) return outcomes;
  }
  throw new Error('a checkout had no final outcome after 50 deliveries');
}

const scenario = fc.record({
  stock: fc.integer({ min: 0, max: 3 }),
  declines: fc.boolean(),
  rivalTakesStock: fc.boolean(),
  expireAt: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 2 }).map((calls) => new Set(calls)),
  callOutcomes: fc.array(fc.constantFrom<CallOutcome>('works', 'works', 'refused', 'lost'), { maxLength: 25 }),
});

test('whatever is refused, lost or expired, a completed checkout has taken its stock and been charged once, a failed one neither, and both outcomes are final', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ callOutcomes, ...options }) => {
      const { deps, reservations, payments, movements } = participants(options, [...callOutcomes]);
      const jobs = [job('one'), job('two')];
      const outcomes = await runToEnd(deps, jobs);
      outcomes.forEach((outcome, index) => {
        const id = jobs[index]!.id;
        if (outcome.kind === 'completed')
          expect([reservations.get(id), payments.get(id)]).toEqual(['committed', 'charged']);
        else {
          expect(['rolled_back', 'rejected']).toContain(reservations.get(id));
          expect(payments.get(id)).not.toBe('charged');
        }
      });
      const completed = outcomes.filter(({ kind }) => kind === 'completed').length;
      expect(movements().charges - movements().refunds).toBe(completed);
      // A much later redelivery has the same outcome and moves nothing.
      const movementsBefore = movements();
      const repeatedOutcomes = await runToEnd(deps, jobs);
      expect(repeatedOutcomes.map(({ kind }) => kind)).toEqual(outcomes.map(({ kind }) => kind));
      expect(movements()).toEqual(movementsBefore);
    }),
    { numRuns: 2_000 },
  );
});

test('checkouts wait for a participant that does not respond: with enough stock and money, all of them complete', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ callOutcomes }) => {
      const { deps } = participants({ stock: 2, declines: false, expireAt: new Set(), rivalTakesStock: false }, [
        ...callOutcomes,
      ]);
      const outcomes = await runToEnd(deps, [job('one'), job('two')]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['completed', 'completed']);
    }),
  );
});

test('two workers that run the same job at once reach the same outcome', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ callOutcomes, ...options }) => {
      const { deps, payments, movements } = participants(options, [...callOutcomes]);
      const [first, second] = await Promise.all([runToEnd(deps, [job('one')]), runToEnd(deps, [job('one')])]);
      expect(first[0]!.kind).toBe(second[0]!.kind);
      expect(movements().charges - movements().refunds).toBe(first[0]!.kind === 'completed' ? 1 : 0);
      expect(payments.get('one') === 'charged').toBe(first[0]!.kind === 'completed');
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['short stock', { stock: 0, declines: false }, { code: 'INSUFFICIENT_STOCK' }],
  ['a declined payment', { stock: 1, declines: true }, { code: 'PAYMENT_DECLINED', reason: 'NO_WALLET' }],
])(
  '%s fails the order with its code, even if the worker dies before it reports the result',
  async (_, options, failure) => {
    const { deps } = participants({ ...options, expireAt: new Set(), rivalTakesStock: false }, []);
    await runToEnd(deps, [job('one')]);
    expect(await runToEnd(deps, [job('one')])).toEqual([expect.objectContaining({ kind: 'failed', ...failure })]);
  },
);

test('an order for 0.00 completes without a charge', async () => {
  const { deps, movements } = participants(
    { stock: 1, declines: true, expireAt: new Set(), rivalTakesStock: false },
    [],
  );
  expect(await runToEnd(deps, [job('one', '0.00')])).toEqual([{ kind: 'completed' }]);
  expect(movements()).toEqual({ charges: 0, refunds: 0 });
});

const undisturbed = { stock: 1, declines: false, expireAt: new Set<number>(), rivalTakesStock: false };

test('a payment that does not match its order fails the order, is refunded and is reported', async () => {
  const { deps, payments, mismatches } = participants(undisturbed, []);
  payments.set('one', 'charged'); // with another amount
  const charge = (): Promise<ChargeAnswer[]> => Promise.resolve(['mismatch']);
  const outcomes = await runToEnd({ ...deps, payments: { ...deps.payments, charge } }, [job('one')]);
  const failure = { kind: 'failed', code: 'PAYMENT_DECLINED', reason: 'PAYMENT_MISMATCH' };
  expect(outcomes).toEqual([expect.objectContaining(failure)]);
  expect([payments.get('one'), mismatches]).toEqual(['refunded', ['one']]);
});

test('orders whose payee does not exist wait while others are charged, and complete once it exists', async () => {
  const { deps, movements } = participants({ ...undisturbed, stock: 2 }, []);
  let payeeExists = false;
  const charge = async (requests: readonly Charge[]): Promise<ChargeAnswer[]> => {
    const allowed = requests.filter(({ paymentID }) => payeeExists || paymentID === 'one');
    const states = await deps.payments.charge(allowed);
    return requests.map((request) => states[allowed.indexOf(request)] ?? 'no_payee');
  };
  const misconfigured = { ...deps, payments: { ...deps.payments, charge } };
  const outcomes = await runCheckouts(misconfigured, [job('one'), job('two')]);
  expect(outcomes).toEqual([{ kind: 'completed' }, { kind: 'waiting', reason: expect.any(String) }]);
  payeeExists = true;
  expect(await runToEnd(misconfigured, [job('two')])).toEqual([{ kind: 'completed' }]);
  expect(movements()).toEqual({ charges: 2, refunds: 0 });
});

test('an order that waits for its payee fails once its reservation has expired, and its payment is blocked', async () => {
  const { deps, reservations, payments } = participants(undisturbed, []);
  const charge = (requests: readonly Charge[]): Promise<ChargeAnswer[]> =>
    Promise.resolve(requests.map(() => 'no_payee'));
  const misconfigured = { ...deps, payments: { ...deps.payments, charge } };
  expect(await runCheckouts(misconfigured, [job('one')])).toEqual([{ kind: 'waiting', reason: expect.any(String) }]);
  reservations.set('one', 'expired');
  expect(await runCheckouts(misconfigured, [job('one')])).toEqual([
    expect.objectContaining({ kind: 'failed', code: 'RESERVATION_EXPIRED' }),
  ]);
  expect(payments.get('one')).toBe('cancelled');
});

test('an order with a declined payment waits if its rollback gets no answer: its payment is not cancelled, and it does not fail yet', async () => {
  const { deps, payments } = participants({ ...undisturbed, declines: true }, []);
  const down = () => Promise.reject(new AppError('unavailable', 'UNAVAILABLE', 'down'));
  const cancelled: string[] = [];
  const cancel = (ids: readonly string[]) => {
    cancelled.push(...ids);
    return deps.payments.cancel(ids);
  };
  const disconnected = {
    ...deps,
    reservations: { ...deps.reservations, rollBack: down },
    payments: { ...deps.payments, cancel },
  };
  expect(await runCheckouts(disconnected, [job('one'), job('two')])).toMatchObject([
    { kind: 'waiting' },
    { kind: 'waiting' },
  ]);
  expect([cancelled, payments.get('one')]).toEqual([[], DECLINED]);
});

describe('a job whose order does not exist', () => {
  test('is blocked from being charged and holds no stock, whatever is refused, lost or expired; the other job of its batch runs as usual', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ callOutcomes, ...options }) => {
        const { deps, reservations, payments, movements } = participants({ ...options, missing: ['lost'] }, [
          ...callOutcomes,
        ]);
        const [lost, other] = await runToEnd(deps, [job('lost'), job('one')]);
        expect(lost).toMatchObject({ kind: 'broken', reason: expect.stringContaining("order lost doesn't exist") });
        expect(['rolled_back', 'rejected']).toContain(reservations.get('lost'));
        expect(payments.get('lost')).toBe('cancelled');
        expect(movements().charges - movements().refunds).toBe(other!.kind === 'completed' ? 1 : 0);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['reserved', 'expired'] as const)(
    'is refunded if it was already charged, and its %s stock is given back',
    async (state) => {
      const { deps, reservations, payments } = participants({ ...undisturbed, missing: ['lost'] }, []);
      reservations.set('lost', state);
      payments.set('lost', 'charged');
      const [outcome] = await runToEnd(deps, [job('lost')]);
      expect(outcome).toEqual({
        kind: 'broken',
        reason: "order lost doesn't exist; its payment was refunded, it holds no stock",
      });
      expect([reservations.get('lost'), payments.get('lost')]).toEqual(['rolled_back', 'refunded']);
    },
  );

  test.each([
    ['delivered again', job('lost')],
    ['undone', undo('lost')],
  ])(
    'is refunded when %s, even if its stock was taken; the reason says that it stays taken',
    async (_name, repeatedJob) => {
      const { deps, reservations, payments, movements } = participants({ ...undisturbed, missing: ['lost'] }, []);
      reservations.set('lost', 'committed');
      payments.set('lost', 'charged');
      const [outcome] = await runToEnd(deps, [repeatedJob]);
      expect(outcome).toEqual({
        kind: 'broken',
        reason: "order lost doesn't exist; its payment was refunded, its stock stays taken: return it by hand",
      });
      expect([payments.get('lost'), movements()]).toEqual(['refunded', { charges: 0, refunds: 1 }]);
    },
  );
});

test('an order that exists is not undone', async () => {
  const { deps, reservations, payments } = participants(undisturbed, []);
  await runToEnd(deps, [job('one')]);
  expect(await runToEnd(deps, [undo('one')])).toMatchObject([
    { kind: 'broken', reason: expect.stringContaining('exists') },
  ]);
  expect([reservations.get('one'), payments.get('one')]).toEqual(['committed', 'charged']);
});

test('jobs wait without a charge while it is unknown which orders exist', async () => {
  const { deps, movements } = participants({ ...undisturbed, stock: 2 }, ['works', 'refused']);
  const outcomes = await runCheckouts(deps, [job('one'), job('two')]);
  expect(outcomes).toMatchObject([{ kind: 'waiting' }, { kind: 'waiting' }]);
  expect(movements()).toEqual({ charges: 0, refunds: 0 });
  expect(await runToEnd(deps, [job('one'), job('two')])).toEqual([{ kind: 'completed' }, { kind: 'completed' }]);
});

describe('an order whose cancellation is requested', () => {
  const cancelled = expect.objectContaining({ kind: 'failed', code: 'CANCELLED' });

  test('before it runs fails without a charge and holds no stock, whatever is refused, lost or expired', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ callOutcomes, ...options }) => {
        const { deps, reservations, payments, movements } = participants({ ...options, cancelAt: 0 }, [
          ...callOutcomes,
        ]);
        expect(await runToEnd(deps, [job('one'), job('two', '0.00')])).toEqual([cancelled, cancelled]);
        expect(['rolled_back', 'rejected']).toContain(reservations.get('one'));
        expect([payments.get('one'), payments.get('two'), movements().charges]).toEqual(['cancelled', undefined, 0]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('at any moment, while two workers run it, ends once: completed and charged, or failed with a net charge of zero', async () => {
    const moments = fc.integer({ min: 0, max: 12 });
    await fc.assert(
      fc.asyncProperty(scenario, moments, async ({ callOutcomes, ...options }, cancelAt) => {
        const { deps, reservations, movements } = participants({ ...options, cancelAt }, [...callOutcomes]);
        const runs = await Promise.all([runToEnd(deps, [job('one')]), runToEnd(deps, [job('one')])]);
        const repeatedOutcomes = await runToEnd(deps, [job('one')]);
        const [kind] = runs[0].map((outcome) => outcome.kind);
        expect([...runs, repeatedOutcomes].map(([outcome]) => outcome!.kind)).toEqual([kind, kind, kind]);
        expect(reservations.get('one') === 'committed').toBe(kind === 'completed');
        expect(movements().charges - movements().refunds).toBe(kind === 'completed' ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is refunded, and its stock given back, if it was charged and reserved', async () => {
    const { deps, reservations, payments } = participants({ ...undisturbed, cancelAt: 0 }, []);
    reservations.set('one', 'reserved');
    payments.set('one', 'charged');
    expect(await runToEnd(deps, [job('one')])).toEqual([cancelled]);
    expect([reservations.get('one'), payments.get('one')]).toEqual(['rolled_back', 'refunded']);
  });

  test('is completed if its stock was already committed', async () => {
    const { deps, reservations, payments } = participants({ ...undisturbed, cancelAt: 0 }, []);
    reservations.set('one', 'committed');
    payments.set('one', 'charged');
    expect(await runToEnd(deps, [job('one')])).toEqual([{ kind: 'completed' }]);
    expect(payments.get('one')).toBe('charged');
  });

  test('waits while the wallet is down, but gives its stock back at once', async () => {
    const { deps, reservations } = participants({ ...undisturbed, cancelAt: 0 }, [
      'works',
      'works',
      'works',
      'works',
      'refused',
    ]);
    expect(await runCheckouts(deps, [job('one')])).toEqual([{ kind: 'waiting', reason: expect.any(String) }]);
    expect(reservations.get('one')).toBe('rolled_back');
    expect(await runToEnd(deps, [job('one')])).toEqual([cancelled]);
  });
});

test('an order that is too large to run fails without a charge, and one that has completed stays completed', async () => {
  const tooLarge = (orderID: string): CheckoutJob => ({
    ...envelope(`fail-${orderID}`),
    type: 'fail-checkout',
    data: { orderID, total: '5.00' },
  });
  const options = { stock: 3, declines: false, rivalTakesStock: false, expireAt: new Set<number>() };
  const { deps, reservations, payments, movements } = participants(options, []);
  expect(await runToEnd(deps, [job('done')])).toMatchObject([{ kind: 'completed' }]);
  expect(await runToEnd(deps, [tooLarge('new'), tooLarge('done'), job('other')])).toMatchObject([
    { kind: 'failed', code: 'ORDER_TOO_LARGE' },
    { kind: 'completed' },
    { kind: 'completed' },
  ]);
  expect([reservations.get('new'), payments.get('new')]).toEqual(['rolled_back', 'cancelled']);
  expect(movements()).toEqual({ charges: 2, refunds: 0 });
});
