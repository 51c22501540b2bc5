import { configSchema } from '../config';
import type { Submission } from './commands';
import { decideBatch, type Retention } from './decide-batch';
import type { OpenWithdrawal } from './machine-state';

type Machine = Parameters<typeof decideBatch>[0];

const settings = configSchema.parse({}).ATM_MACHINES.get('main')!;
const retention: Retention = { answerMs: 1_000, keyMs: 5_000, unkeyedMs: 100, unkeyedOpenMs: 500 };
const EMPTY: Machine = { settings, state: undefined, outcomes: new Map() };

const withdrawal = (outcomeId: string, submissionId: string, amount = 2_000n, fingerprint = 'f'): Submission => ({
  command: { kind: 'withdraw', id: `w-${submissionId}`, amount, actor: 'test' },
  outcomeId,
  submissionId,
  claim: { key: outcomeId, fingerprint },
});
const machineAfter = async (submissions: Submission[], nowMs = 0): Promise<Machine> => {
  const { change } = await decideBatch(EMPTY, submissions, retention, nowMs);
  const outcomes = [...change!.outcomes].flatMap(([id, outcome]) => (outcome ? [[id, outcome] as const] : []));
  return { settings, state: change!.state, outcomes: new Map(outcomes) };
};

test("a submission retried because the store's reply was lost gets the outcome that it stored, not marked as a replay", async () => {
  const { results, change } = await decideBatch(
    await machineAfter([withdrawal('k', 's1')]),
    [withdrawal('k', 's1')],
    retention,
    1,
  );
  expect(results).toEqual([{ ok: true, answer: expect.objectContaining({ kind: 'dispensed' }), isReplay: false }]);
  expect(change).toBeUndefined();
});

test('an outcome is replayed while it is kept; after that its key is refused, and nothing is dispensed again', async () => {
  const machine = await machineAfter([withdrawal('k', 's1')]);
  const [early, late] = await Promise.all(
    [1_000, 1_001].map((nowMs) => decideBatch(machine, [withdrawal('k', 's2')], retention, nowMs)),
  );
  expect(early).toEqual({
    results: [{ ok: true, answer: expect.objectContaining({ kind: 'dispensed' }), isReplay: true }],
  });
  expect(late).toEqual({ results: [{ ok: false, code: 'IDEMPOTENCY_EXPIRED' }] });
});

test('a repeat within a batch is replayed; with another body it is refused', async () => {
  const batch = [withdrawal('k', 's1'), withdrawal('k', 's2'), withdrawal('k', 's3', 2_000n, 'other')];
  const { results, change } = await decideBatch(EMPTY, batch, retention, 0);
  expect(results.map((result) => (result.ok ? result.isReplay : result.code))).toEqual([
    false,
    true,
    'IDEMPOTENCY_MISMATCH',
  ]);
  expect(change!.entries.map(({ type }) => type)).toEqual(['reset', 'withdrawal']);
});

test('a refusal without a key writes nothing', async () => {
  const { claim: _, ...unkeyed } = withdrawal('o', 's1', 100_000_000n);
  const { results, change } = await decideBatch(EMPTY, [unkeyed], retention, 0);
  expect(results).toMatchObject([{ answer: { kind: 'refused' } }]);
  expect(change).toBeUndefined();
});

test('a new machine is filled once', async () => {
  const fill = (submissionId: string): Submission => ({
    command: { kind: 'fill', actor: 'test' },
    outcomeId: '',
    submissionId,
  });
  const { results, change } = await decideBatch(EMPTY, [fill('s1'), fill('s2')], retention, 0);
  expect(results).toMatchObject([{ answer: { kind: 'done' } }, { answer: { kind: 'done' } }]);
  expect([change!.entries.map(({ type }) => type), change!.outcomes.size]).toEqual([['reset'], 0]);

  const repeated = await decideBatch({ ...EMPTY, state: change!.state }, [fill('s3')], retention, 0);
  expect(repeated).toEqual({ results: [{ ok: true, answer: { kind: 'too_late' }, isReplay: false }] });
});

test('while too many withdrawals wait for the wallet, new withdrawals from accounts are refused and not stored, but withdrawals without an account are still dispensed', async () => {
  const { state } = await machineAfter([withdrawal('k', 's1')]);
  const waiting = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`c${index}`, { id: `c${index}`, actor: 'test', leasedUntilMs: 0 }]),
  );
  const open = Object.fromEntries(Object.keys(waiting).map((id) => [id, { id } as OpenWithdrawal]));
  const machine: Machine = { settings, state: { ...state!, open, cancelling: waiting }, outcomes: new Map() };
  const accountWithdrawal = withdrawal('a', 's2');
  const account = { id: 'ann', leasedUntilMs: 0 };
  const submission = {
    ...accountWithdrawal,
    command: { ...accountWithdrawal.command, account } as Submission['command'],
  };
  const { results, change } = await decideBatch(machine, [submission, withdrawal('b', 's3')], retention, 1);
  expect(results).toMatchObject([{ answer: { kind: 'queue_full' } }, { answer: { kind: 'dispensed' } }]);
  expect([...change!.outcomes.keys()]).toEqual(['b']);

  const { c0: _, ...fewer } = waiting;
  const belowLimit = await decideBatch(
    { ...machine, state: { ...machine.state!, cancelling: fewer } },
    [submission],
    retention,
    1,
  );
  expect(belowLimit.results).toMatchObject([{ answer: { kind: 'open' } }]);
});

test('a slow batch yields to the event loop and is still decided as a whole', async () => {
  const costlyMachine = {
    bills: { '200': 90, '100': 90, '50': 90, '20': 90 },
    coins: { '2': 500, '1': 500, '0.5': 500, '0.2': 500, '0.1': 500, '0.05': 500, '0.02': 500, '0.01': 500 },
    amount_max: 2000,
    coins_max: 500,
  };
  const costly = configSchema
    .parse({ ATM_MACHINES: JSON.stringify({ main: costlyMachine }) })
    .ATM_MACHINES.get('main')!;
  const batch = Array.from({ length: 64 }, (_, index) => withdrawal(`k${index}`, `s${index}`, 18_887n + BigInt(index)));

  let turns = 0;
  let isDone = false;
  const countTurn = () => {
    if (isDone) return;
    turns++;
    setImmediate(countTurn);
  };
  setImmediate(countTurn);
  const { results, change } = await decideBatch({ ...EMPTY, settings: costly }, batch, retention, 0);
  isDone = true;
  expect(turns).toBeGreaterThan(1);
  expect(results.every((result) => result.ok && result.answer.kind === 'dispensed')).toBe(true);
  expect(change!.entries.map(({ key }) => key)).toEqual([null, ...batch.map(({ outcomeId }) => outcomeId)]);
});

describe('a key shared with processes of an earlier release', () => {
  const thisRelease = (
    outcomeId: string,
    submissionId: string,
    earlierIds = ['e1', 'e2'],
    fingerprint = 'f',
  ): Submission => ({
    ...withdrawal(outcomeId, submissionId),
    claim: { key: 'k', fingerprint, earlierIds },
  });
  const earlierRelease = (submissionId: string, id = 'e1') => withdrawal(id, submissionId);
  const fromAccount = (submission: Submission): Submission => ({
    ...submission,
    command: { ...submission.command, account: { id: 'ann', leasedUntilMs: 0 } } as Submission['command'],
  });
  const withChange = ({ outcomes }: Machine, { change }: Awaited<ReturnType<typeof decideBatch>>): Machine => {
    const allOutcomes = new Map(outcomes);
    for (const [id, outcome] of change!.outcomes) {
      if (outcome) allOutcomes.set(id, outcome);
      else allOutcomes.delete(id);
    }
    return { settings, state: change!.state, outcomes: allOutcomes };
  };
  const decide = (machine: Machine, submissions: Submission[], nowMs = 1) =>
    decideBatch(machine, submissions, retention, nowMs);
  const repliesOf = ({ results }: Awaited<ReturnType<typeof decideBatch>>) =>
    results.map((result) =>
      result.ok ? `${result.answer.kind} (${result.isReplay ? 'replay' : 'new'})` : result.code,
    );

  test.each(['e1', 'e2'])('replays the outcome stored under %s and dispenses nothing', async (id) => {
    const machine = await machineAfter([earlierRelease('s1', id)]);
    expect(repliesOf(await decide(machine, [thisRelease('k', 's2')]))).toEqual(['dispensed (replay)']);
    expect(repliesOf(await decide(machine, [thisRelease('k', 's2', ['e1', 'e2'], 'other')]))).toEqual([
      'IDEMPOTENCY_MISMATCH',
    ]);
    expect(repliesOf(await decide(machine, [thisRelease('k', 's2')], 1_001))).toEqual(['IDEMPOTENCY_EXPIRED']);
  });

  test('is also replayed for a process of the earlier release, in the same batch and later', async () => {
    const decision = await decide(EMPTY, [thisRelease('k', 's1'), earlierRelease('s2', 'e1')], 0);
    expect(repliesOf(decision)).toEqual(['dispensed (new)', 'dispensed (replay)']);
    const machine = withChange(EMPTY, decision);
    for (const id of ['e1', 'e2'])
      expect(repliesOf(await decide(machine, [earlierRelease('s3', id)]))).toEqual(['dispensed (replay)']);
  });

  test('is not replayed for another request that shares the earlier id', async () => {
    const decision = await decide(EMPTY, [thisRelease('k1', 's1'), thisRelease('k2', 's2')], 0);
    expect(repliesOf(decision)).toEqual(['dispensed (new)', 'dispensed (new)']);
    const machine = withChange(EMPTY, decision);
    expect(repliesOf(await decide(machine, [thisRelease('k3', 's3')]))).toEqual(['dispensed (new)']);
    expect(repliesOf(await decide(machine, [thisRelease('k1', 's4'), thisRelease('k2', 's5')]))).toEqual([
      'dispensed (replay)',
      'dispensed (replay)',
    ]);
  });

  test('returns the id under which to wait for an open withdrawal', async () => {
    const machine = await machineAfter([fromAccount(earlierRelease('s1', 'e2'))]);
    const { results } = await decide(machine, [fromAccount(thisRelease('k', 's2'))]);
    expect(results).toMatchObject([{ answer: { kind: 'open' }, isReplay: true, earlierId: 'e2' }]);
  });

  const dispense: Submission = {
    command: { kind: 'dispense', id: 'w-s1', actor: 'test' },
    outcomeId: 'k',
    submissionId: 's2',
  };
  const deleteOutcome: Submission = {
    ...dispense,
    command: {
      kind: 'put_back',
      id: 'w-s1',
      actor: 'test',
      refusal: { code: 'WITHDRAWAL_EXPIRED' },
      payment: 'to_be_cancelled',
      outcome: 'deleted',
    },
  };
  test.each([
    ['dispensed', dispense, ['dispensed (replay)', 'dispensed (replay)', 'dispensed (replay)']],
    ['deleted', deleteOutcome, ['open (new)', 'open (replay)', 'open (replay)']],
  ])('its outcome is %s for both releases', async (_outcome, settlement, expected) => {
    const open = await machineAfter([fromAccount(thisRelease('k', 's1'))]);
    // The settling process knows only the outcome id.
    const settled = withChange(
      open,
      await decide({ ...open, outcomes: new Map([['k', open.outcomes.get('k')!]]) }, [settlement]),
    );
    const batch = [
      fromAccount(thisRelease('k', 's3')),
      fromAccount(earlierRelease('s4', 'e1')),
      fromAccount(earlierRelease('s5', 'e2')),
    ];
    expect(repliesOf(await decide(settled, batch))).toEqual(expected);
  });
});
