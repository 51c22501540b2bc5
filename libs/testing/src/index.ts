export * from './browser';
export * from './cuttable-proxy';
export * from './engines';
export * from './eventually';
export * from './free-port';
export * from './test-broker';
export * from './test-database';
export * from './test-redis';
