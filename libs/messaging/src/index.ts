export * from './batch-consumer';
export * from './broker';
export * from './inbox';
export * from './outbox';
export * from './publisher';
export * from './query-server';
export * from './requester';
export * from './topic-subscriber';
