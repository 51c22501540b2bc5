/** Records the migrations applied to a schema; every schema with an owner has this table. */
export const MIGRATIONS_TABLE = 'schema_migrations';
