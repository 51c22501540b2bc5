export * from './durable-redis';
