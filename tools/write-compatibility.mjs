// @ts-check
/* Writes docs/compatibility.md again, from the runs that are recorded. */
import { writePage } from './test/compatibility.mjs';

writePage();
