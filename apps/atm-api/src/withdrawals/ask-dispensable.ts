import { exactNumber } from '@souk/contracts';
import { exactJson, type JsonText } from '@souk/http';
import type { Minor } from '@souk/money';
import { describeRefused, limitSentence, presentCash } from '../answers';
import { dispense, nearest, type Nearest } from '../dispensing';
import { stockOf, toCash, toRefused } from '../machine/apply-command';
import { initialCounts, type MachineState } from '../machine/machine-state';
import type { MachineSettings } from '../machines';

/** Whether an amount can be withdrawn now: the pieces, or the reason it can't be and the nearest amounts that can. */
export function askDispensable(state: MachineState | undefined, settings: MachineSettings, amount: Minor): JsonText {
  const stock = stockOf(settings, state?.counts ?? initialCounts(settings));
  const { limits } = settings;
  if (amount > limits.amountMax)
    return presentNot('LIMIT_EXCEEDED', limitSentence(limits.amountMax), nearest(stock, amount, limits));
  const paid = dispense(stock, amount, limits);
  if (paid.ok) return exactJson({ dispensable: true, withdrawal: presentCash(toCash(paid.pieces)) });
  const { failure } = describeRefused(toRefused(paid.refusal));
  return presentNot(failure.code, failure.message, nearest(stock, amount, limits));
}

const exactOrNull = (minor: Minor | null) => (minor === null ? null : exactNumber(minor));

const presentNot = (reason: string, detail: string, { below, above }: Nearest) =>
  exactJson({ dispensable: false, reason, detail, below: exactOrNull(below), above: exactOrNull(above) });
