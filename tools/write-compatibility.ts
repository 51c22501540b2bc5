/* Writes docs/compatibility.md from the recorded test runs and the list of supported versions. */
import { writePage } from './test/compatibility.mjs';

writePage();
