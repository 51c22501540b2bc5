// @ts-check
/* Rewrites docs/compatibility.md from the recorded runs. */
import { writePage } from './test/compatibility.mjs';

writePage();
