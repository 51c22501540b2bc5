import { createInterface } from 'node:readline/promises';
import { Failure } from './failure';

/**
 * Asks the user a yes-or-no question.
 * @throws Failure if there is no terminal to ask on
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Failure(`${question} Confirm with --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
