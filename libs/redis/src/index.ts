export * from './connection-options';
export * from './durable-redis';
