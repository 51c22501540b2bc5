#!/usr/bin/env node
// Starts, supervises and stops Souk: `node tools/souk.mjs --help`. The program is in tools/souk.
import { createRequire } from 'node:module';
import { bundle } from './bundle.mjs';

createRequire(import.meta.url)(await bundle('tools/souk/main.ts'));
