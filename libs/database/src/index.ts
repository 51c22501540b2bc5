export * from './add-column';
export * from './coalescer';
export * from './database';
export * from './database-errors';
export * from './key-table';
export * from './migrator';
export * from './owned-schema';
export * from './table-text';
export { overwrite } from './upsert';
