import type { Rule } from '../rule';
import { passThrough } from './pass-through';
import { repeatedRefusals } from './repeated-refusals';
import { structuring } from './structuring';
import { unusualAmount } from './unusual-amount';
import { velocity } from './velocity';

/** All rules. */
export const RULES: readonly Rule[] = [velocity, unusualAmount, repeatedRefusals, passThrough, structuring];
