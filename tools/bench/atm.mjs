// @ts-check
/*
 * Measures a running cash machine: withdrawals of one bill, and of an amount that takes many pieces. Each withdrawal is on disk
 * before it is answered. Only reports the results; there are no thresholds.
 *
 *   npm run bench:atm                                  the machine that ./setup.sh started
 *   npm run bench:atm -- http://127.0.0.1:5005 10      another machine, and the seconds per measurement
 *
 * Fills the machine first. Set ADMIN_API_KEY in the environment if the machine requires it.
 */
import { ask, CONNECTIONS, measure, post, report, SECONDS_DEFAULT } from './measure.mjs';

const [url = 'http://127.0.0.1:5005', seconds = SECONDS_DEFAULT] = process.argv.slice(2);
const ROUNDS = 3;
const PLENTY = 1_000_000;

await ask('POST', `${url}/atm/refill`, {
  money: { 200: PLENTY, 100: PLENTY, 20: PLENTY, 10: PLENTY, 5: PLENTY, 1: PLENTY, 0.1: PLENTY, 0.01: PLENTY },
});
/** @param {number} amount */
const withdraw = (amount) => post('/atm/withdrawal', { amount });
const load = { url, seconds, connections: CONNECTIONS };
await measure(load, () => [withdraw(20)]); // warm
for (let round = 1; round <= ROUNDS; round++) {
  report(`withdrawals of 20, ${CONNECTIONS} connections`, await measure(load, () => [withdraw(20)]));
  report('withdrawals of 387.49', await measure(load, () => [withdraw(387.49)]));
}
report('withdrawals of 20, 1 connection', await measure({ ...load, connections: 1 }, () => [withdraw(20)]));
