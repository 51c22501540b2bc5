export * from './connection-options';
export * from './durable-redis';
export * from './redis-address';
