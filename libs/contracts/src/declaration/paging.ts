import { z } from 'zod';
import { integerParameter } from './fields';

/** Maximum number of items on a page. */
export const limit = integerParameter(1, 500, 50, 'Maximum number of items per page');

/** Where a page starts. */
export const after = z
  .string('must be given once')
  .min(1, 'must not be empty')
  .max(400, 'must have at most 400 characters')
  .optional()
  .meta({ description: '`next` of the previous page' });

/** Where the next page starts. */
export const next = z.string().nullable().meta({ description: '`after` for the next page; null on the last page' });
