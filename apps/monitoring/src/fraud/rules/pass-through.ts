import type { Minor } from '@souk/money';
import { z } from 'zod';
import { amountInWords, durationInWords } from '../in-words';
import { declareRule } from '../rule';
import { count, money, percent, seconds } from '../rule-settings';
import { sumOf, within, type WatchedEvent } from '../window';

/** Paying money in and then buying with it is the normal use of a wallet, so charges don't count. */
const isMovedOn = ({ type }: WatchedEvent) => type !== 'charge';

export const passThrough = declareRule({
  name: 'pass-through',
  description: 'Most of the money that comes into an account soon leaves it again, other than for a purchase.',
  trigger: 'outgoing',
  settings: z.strictObject({
    share_percent: percent(90, 'Minimum share of the incoming money that leaves again'),
    amount_min: money(1_000_00n, 'Minimum total that comes in'),
    incoming_max: count(20, 'Maximum number of incoming transactions; more are the takings of a business'),
    within_seconds: seconds(3_600, 'Period in which the money comes in and leaves'),
  }),
  detect: ({ outgoing, incoming }, current, { share_percent, amount_min, incoming_max, within_seconds }) => {
    const inflows = within(incoming, within_seconds, current);
    const received = sumOf(inflows);
    if (!isMovedOn(current) || inflows.length > incoming_max || received < amount_min || received === 0n)
      return undefined;
    const { passedOn, outflows } = followMoney(inflows, within(outgoing, within_seconds, current).filter(isMovedOn));
    if (outflows.at(-1) !== current || passedOn * 100n < received * BigInt(share_percent)) return undefined;
    const reason = `${amountInWords(passedOn, current)} of ${amountInWords(received, current)} that came in within ${durationInWords(within_seconds)} left again`;
    return { reason, evidence: [...inflows, ...outflows].sort((a, b) => a.sequence - b.sequence) };
  },
});

/**
 * Follows the money: an outgoing amount uses up money that came in before it and has not left yet.
 * @returns how much of the incoming money left again, and the transactions by which it left
 */
function followMoney(inflows: readonly WatchedEvent[], outgoing: readonly WatchedEvent[]) {
  const outflows: WatchedEvent[] = [];
  let passedOn: Minor = 0n;
  for (const event of outgoing) {
    const arrived = sumOf(inflows.filter(({ sequence }) => sequence < event.sequence));
    const available = arrived - passedOn;
    const share = -event.amount < available ? -event.amount : available;
    if (share === 0n) continue;
    passedOn += share;
    outflows.push(event);
  }
  return { passedOn, outflows };
}
