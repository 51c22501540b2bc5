export { createAccess, createOpenAccess, type Access } from './access';
export { accessSettings, checkAccessSettings, type AccessSettings } from './access-settings';
export type { ApiKey } from './keys/api-key';
export { createKeyStore, type KeyResult, type KeyStore } from './keys/key-store';
export type { LimitState } from './limits/count-hits';
export { keyMigrations } from './keys/migrations';
export { ownsParty } from './ownership';
export { callerFrom, type Customer, type Principal } from './principal';
