import { integer, MACHINE_ID, MAIN_MACHINE, readAmount } from '@souk/contracts';
import { formatAmount, type Minor } from '@souk/money';
import { parse } from 'lossless-json';
import { z } from 'zod';
import { CELLS_MAX, cellsOf, type Denomination, type Limits } from '../dispensing';

/** A denomination of a machine, and how many pieces of it a full machine holds. */
interface MachineDenomination {
  /** As clients write it: "200", "0.1". */
  text: string;
  denomination: Denomination;
  initialCount: number;
}

/** A machine's configuration. */
export interface MachineSettings {
  /** Bills before coins, each from the largest down. */
  denominations: readonly MachineDenomination[];
  limits: Limits;
}

const DEFAULT_MAIN = {
  bills: { '200': 7, '100': 4, '20': 15 },
  coins: { '10': 10, '5': 1, '1': 10, '0.1': 12, '0.01': 21 },
  amount_max: 2000,
  coins_max: 50,
};
const DEFAULT_MACHINES = JSON.stringify({ [MAIN_MACHINE]: DEFAULT_MAIN });

const INITIAL_COUNT_MAX = 1_000_000;
const COINS_LIMIT_MAX = 10_000;
/** With `CELLS_MAX`, limits the time that choosing pieces takes. */
const AMOUNT_LIMIT_MAX: Minor = 10_000_000n;

/** An amount without unnecessary zeros: "200", "0.1". */
export const plainAmount = (minor: Minor): string => formatAmount(minor).replace(/\.?0+$/, '');

const denominationText = z.string().refine((text) => {
  const minor = readAmount(text);
  return minor !== undefined && minor > 0n && plainAmount(minor) === text;
}, 'must be an amount above 0 without unnecessary zeros, such as "200" or "0.1"');

const pieces = z.record(denominationText, integer(0, INITIAL_COUNT_MAX, 'Pieces in a full machine', 10));

const machineSchema = z
  .object({
    bills: pieces.default({}),
    coins: pieces.default({}),
    amount_max: z.unknown().transform((value, context) => {
      const minor = readAmount(value);
      if (minor !== undefined && minor > 0n && minor <= AMOUNT_LIMIT_MAX) return minor;
      context.addIssue({ code: 'custom', message: `must be an amount of at most ${plainAmount(AMOUNT_LIMIT_MAX)}` });
      return z.NEVER;
    }),
    coins_max: integer(0, COINS_LIMIT_MAX, 'Maximum number of coins in one withdrawal', 50),
  })
  .refine(({ bills, coins }) => Object.keys(bills).length + Object.keys(coins).length > 0, 'must have a denomination')
  .refine(
    ({ bills, coins }) => Object.keys(bills).every((text) => !Object.hasOwn(coins, text)),
    'must not have the same denomination as a bill and as a coin, because a refill could not tell them apart',
  )
  .transform(({ bills, coins, amount_max, coins_max }): MachineSettings => {
    return {
      denominations: [...denominationsOf('bill', bills), ...denominationsOf('coin', coins)],
      limits: { amountMax: amount_max, coinsMax: coins_max },
    };
  })
  .refine(
    isComputable,
    'would take too long to choose pieces; lower amount_max or coins_max, or remove the smallest denominations',
  );

function isComputable({ denominations, limits }: MachineSettings): boolean {
  return (
    cellsOf(
      denominations.map(({ denomination }) => denomination),
      limits,
    ) <= CELLS_MAX
  );
}

function denominationsOf(kind: Denomination['kind'], counts: Record<string, number>): MachineDenomination[] {
  return Object.entries(counts)
    .map(([text, initialCount]) => ({ text, initialCount, denomination: { kind, value: readAmount(text)! } }))
    .sort((a, b) => (a.denomination.value > b.denomination.value ? -1 : 1));
}

const machineId = z.string().regex(MACHINE_ID, 'must be 1 to 64 letters, digits, - or _');
const machinesSchema = z.record(machineId, machineSchema);

/** `ATM_MACHINES`: each machine's initial stock and limits by machine id, as JSON. Machine `main` always exists. */
export const machinesSetting = z
  .string()
  .default(DEFAULT_MACHINES)
  .transform((text, context): ReadonlyMap<string, MachineSettings> => {
    const parsed = machinesSchema.safeParse(parseJson(text));
    if (parsed.success) {
      const machines = new Map(Object.entries(parsed.data));
      return machines.has(MAIN_MACHINE)
        ? machines
        : new Map([[MAIN_MACHINE, machineSchema.parse(lossless(DEFAULT_MAIN))], ...machines]);
    }
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  });

const lossless = (value: unknown) => parse(JSON.stringify(value));

/** @returns `undefined` if the text isn't JSON; numbers keep their exact text */
function parseJson(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
