export * from './schema/add-column';
export * from './database';
export { isDuplicateKey } from './database-errors';
export * from './key-table';
export { purge, startPurge } from './purge';
export * from './schema/migrator';
export * from './schema/owned-schema';
export * from './schema/table-text';
export { overwrite } from './upsert';
