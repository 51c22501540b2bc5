// Runs a TypeScript program of this folder: `node tools/run.mjs tools/PROGRAM.ts [ARGUMENTS]`.
import { createRequire } from 'node:module';
import { bundle } from './bundle.mjs';

const [program = ''] = process.argv.splice(2, 1);
createRequire(import.meta.url)(await bundle(program));
