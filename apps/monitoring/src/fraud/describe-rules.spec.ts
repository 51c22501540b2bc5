import { REPOSITORY } from '@souk/testing';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { describeRules } from './describe-rules';
import { RULES } from './rules';

test('docs/fraud-rules.md matches the declarations; `npm run generate` writes it', () => {
  expect(readFileSync(resolve(REPOSITORY, 'docs/fraud-rules.md'), 'utf8')).toBe(describeRules(RULES));
});

test('every rule and setting has a description, and every setting a default', () => {
  for (const { name, description, settings } of RULES) {
    expect([name, description]).toEqual([
      expect.stringMatching(/^[a-z][a-z-]+$/),
      expect.stringMatching(/^[A-Z].*\.$/),
    ]);
    for (const [setting, schema] of Object.entries(settings.shape))
      expect([name, setting, (schema as z.ZodType).description]).toEqual([name, setting, expect.any(String)]);
    expect(settings.safeParse({}).error).toBeUndefined();
  }
});

test('no two rules share a name', () => {
  const names = RULES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
