export * from './backoff';
export * from './config';
export * from './derived-id';
export * from './errors';
export * from './every';
export * from './lifecycle';
export * from './logger';
export * from './metrics';
