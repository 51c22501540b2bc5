import { z } from 'zod';
import { ADMIN_CALLER, callerOf, NOBODY } from './caller';
import { declareRoute } from './route';

const about = { operationId: 'pay', method: 'post', path: '/pay', tag: 'Pay', summary: 'Pays', responses: {} } as const;
const body = z.object({ from: z.string() });
const ofAccount = declareRoute({ ...about, body, actsFor: (input) => ({ kind: 'account', id: input.body.from }) });
const ofWallet = declareRoute({ ...about, body, actsFor: (input) => ({ kind: 'wallet', id: input.body.from }) });
const ofNobody = declareRoute(about);

const call = (from: string) => ({ params: {}, body: { from } });

test('whoever gives the admin key is one caller, whomever the request acts for', () => {
  for (const route of [ofAccount, ofWallet, ofNobody]) {
    expect(callerOf(route, call('a'), { hasAdminKey: true })).toBe(ADMIN_CALLER);
  }
});

test('without the key the caller is whom the request acts for', () => {
  expect(callerOf(ofAccount, call('a'), { hasAdminKey: false })).toBe('account:a');
  expect(callerOf(ofWallet, call('a'), { hasAdminKey: false })).toBe('wallet:a');
  expect(callerOf(ofNobody, call('a'), { hasAdminKey: false })).toBe(NOBODY);
});

test('nobody can take the name of another caller', () => {
  for (const id of [ADMIN_CALLER, NOBODY, 'wallet:a']) {
    const caller = callerOf(ofAccount, call(id), { hasAdminKey: false });
    expect([ADMIN_CALLER, NOBODY, 'wallet:a']).not.toContain(caller);
  }
});
